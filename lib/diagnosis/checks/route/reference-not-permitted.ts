import { fixReference, serviceInWords } from "#lib/engine/fix/backend-fix.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { refOf } from "#lib/model/ids.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";

export const routeReferenceNotPermitted = defineCheck({
  id: "route/reference-not-permitted",
  code: "NET-302",
  severity: "error",
  summary: "A route refers to a Service in another namespace without a ReferenceGrant there",
  inputs: ["services"],
  each: routePlurals,
  // A route's status can tell where the grants themselves were not read.
  ifRead: ["referenceGrants"],
  *find({ routes, origin }) {
    for (const { route, backends } of routes) {
      for (const { service, state, path, evidence, nearMiss, ...backend } of backends) {
        if (service === undefined) continue;
        const { namespace = "" } = refOf(service);
        if (namespace === route.namespace || state === "ok" || state === "zero-weight") continue;
        if (state !== "not-permitted") {
          yield unjudged("referenceGrants");
          // The grant belongs to the other namespace, and so, often, to another repository.
          if (state === "unknown" && origin === "manifests")
            yield notInManifests("referenceGrants", namespace);
          continue;
        }
        const wanted = serviceInWords(service, route.namespace);
        yield {
          subject: route.id,
          part: path,
          message: `Requests for ${requestsOf(backend)} go to ${wanted}, and no ReferenceGrant in ${namespace} allows that from ${route.namespace}`,
          evidence: [evidence],
          nearMiss,
          fix: fixReference(route, service),
          kubectl: kubectl(namespace, "get", "referencegrants", "-o", "yaml"),
          touches: [service],
        };
      }
    }
  },
});
