import { refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf, serviceInWords } from "../../backend-words.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";
import { kubectl } from "../../kubectl.ts";

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
        const { namespace = "", name } = refOf(service);
        if (namespace === route.namespace || state === "ok" || state === "zero-weight") continue;
        if (state !== "not-permitted") {
          yield unjudged("referenceGrants");
          // The grant belongs to the other namespace, and so, often, to another repository.
          if (state === "unknown" && origin === "manifests")
            yield notInManifests("referenceGrants", namespace);
          continue;
        }
        const api = kinds[route.kind].api;
        const wanted = serviceInWords(service, route.namespace);
        yield {
          subject: route.id,
          part: path,
          message: `Requests for ${requestsOf(backend)} go to ${wanted}, and no ReferenceGrant in ${namespace} allows that from ${route.namespace}`,
          evidence: [evidence],
          nearMiss,
          fix: {
            text: `Create a ReferenceGrant in ${namespace} that lets ${api}s of ${route.namespace} refer to the Service ${name}`,
            manifest: referenceGrant(api, route.namespace, namespace, name),
          },
          kubectl: kubectl(namespace, "get", "referencegrants", "-o", "yaml"),
          touches: [service],
        };
      }
    }
  },
});

/** v1beta1 is served wherever ReferenceGrant is. */
function referenceGrant(apiKind: string, from: string, namespace: string, service: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: ${from}-to-${service}
  namespace: ${namespace}
spec:
  from:
    - group: gateway.networking.k8s.io
      kind: ${apiKind}
      namespace: ${from}
  to:
    - group: ""
      kind: Service
      name: ${service}
`;
}
