import { nearestOf } from "#lib/engine/near-words.ts";
import { refOf } from "#lib/model/ids.ts";
import { answersByItself, requestsOf } from "../../backend-words.ts";
import { defineCheck, notInManifests } from "../../check.ts";
import { kubectl } from "../../kubectl.ts";
import { jsonPatch, pointer } from "../../patch.ts";

export const ingressBackendServiceMissing = defineCheck({
  id: "ingress/backend-service-missing",
  code: "NET-201",
  severity: "error",
  summary: "An Ingress sends requests to a Service that does not exist",
  inputs: ["ingresses", "services"],
  *find({ ingresses, objects, origin }) {
    const existing = new Set(objects.services.map(({ id }) => id));
    for (const { ingress, backends } of ingresses) {
      for (const backend of backends) {
        if (backend.service === undefined || answersByItself(backend)) continue;
        const { id, namespace } = ingress;
        if (backend.state === "unknown" && origin === "manifests" && !existing.has(backend.service)) {
          yield notInManifests("services", namespace);
        }
        if (backend.state !== "service-missing") continue;
        const wanted = refOf(backend.service).name;
        const names = objects.services
          .filter((service) => service.namespace === namespace)
          .map((service) => service.name);
        const meant = nearestOf(wanted, names);
        yield {
          subject: id,
          part: backend.path,
          message: `Requests for ${requestsOf(backend)} go to the Service ${wanted}, which does not exist in ${namespace}`,
          evidence: [backend.evidence],
          nearMiss: backend.nearMiss,
          fix:
            meant === undefined
              ? { text: `Create the Service ${wanted} in ${namespace}, or name one that exists there` }
              : {
                  text: `Send the requests to the Service ${meant} instead`,
                  patch: jsonPatch(id, {
                    op: "replace",
                    path: pointer(backend.path, "service", "name"),
                    value: meant,
                  }),
                },
          kubectl: kubectl(namespace, "get", "service", wanted),
          // The map draws the missing Service as a node of its own.
          touches: [backend.service],
        };
      }
    }
  },
});
