import { fixIngressService } from "#lib/engine/fix/backend-fix.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { refOf } from "#lib/model/ids.ts";
import { answersByItself, requestsOf } from "../../backend-words.ts";
import { defineCheck, notInManifests } from "../../check.ts";

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
        yield {
          subject: id,
          part: backend.path,
          message: `Requests for ${requestsOf(backend)} go to the Service ${wanted}, which does not exist in ${namespace}`,
          evidence: [backend.evidence],
          nearMiss: backend.nearMiss,
          fix: fixIngressService(ingress, backend.path, backend.service, names),
          kubectl: kubectl(namespace, "get", "service", wanted),
          // The map draws the missing Service as a node of its own.
          touches: [backend.service],
        };
      }
    }
  },
});
