import type { BackendFact } from "#lib/engine/facts.ts";
import { fixRoutePort, fixRouteService, serviceInWords } from "#lib/engine/fix/backend-fix.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Route, Service } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, notInManifests } from "../../check.ts";
import { isShared } from "../../shared-rules.ts";

export const routeBackendMissing = defineCheck({
  id: "route/backend-missing",
  code: "NET-303",
  severity: "error",
  summary: "A route sends requests to a Service, or a port of one, that does not exist",
  inputs: ["services"],
  each: routePlurals,
  *find({ routes, objects, origin }) {
    const services = new Map(objects.services.map((service) => [service.id, service]));
    for (const { route, backends } of routes) {
      for (const backend of backends) {
        const { service: wanted, state } = backend;
        const service = wanted === undefined ? undefined : services.get(wanted);
        if (state === "unknown" && origin === "manifests" && wanted !== undefined && service === undefined) {
          yield notInManifests("services", refOf(wanted).namespace);
        }
        if (state !== "service-missing" && state !== "port-missing") continue;
        yield {
          subject: route.id,
          part: backend.path,
          severity: isShared(backend, backends) ? "warning" : "error",
          evidence: [backend.evidence],
          nearMiss: backend.nearMiss,
          ...(wanted === undefined ? noBackend(route, backend) : missing(route, backend, wanted, service)),
        };
      }
    }
  },
});

type Words = Pick<Found, "message" | "fix" | "kubectl" | "touches">;

function noBackend(route: Route, backend: BackendFact): Words {
  return {
    message: `Requests for ${requestsOf(backend)} meet a rule of ${route.name} that names no backend`,
    fix: { text: `Name a backend in that rule of ${route.name}` },
    kubectl: kubectlGet(route.id),
  };
}

function missing(route: Route, backend: BackendFact, wanted: ObjectId, service: Service | undefined): Words {
  const name = serviceInWords(wanted, route.namespace);
  const requests = `Requests for ${requestsOf(backend)}`;
  if (service === undefined) {
    return {
      message: `${requests} go to the Service ${name}, which does not exist`,
      fix: fixRouteService(wanted),
      kubectl: kubectlGet(route.id),
      // The map draws the missing Service as a node of its own.
      touches: [wanted],
    };
  }
  return {
    message: `${requests} go to port ${backend.servicePort ?? "(none)"} of ${name}, which has no such port`,
    fix: fixRoutePort(route, backend, service, name),
    kubectl: kubectlGet(wanted),
    touches: [wanted],
  };
}
