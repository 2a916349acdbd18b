import { routePlurals } from "#lib/model/snapshot.ts";
import { defineCheck } from "../../check.ts";
import { withoutEndpoints } from "../../no-endpoints.ts";
import { isShared } from "../../shared-rules.ts";

export const routeBackendNoEndpoints = defineCheck({
  id: "route/backend-no-endpoints",
  code: "NET-306",
  severity: "error",
  summary: "A route sends requests to a Service without an endpoint that takes them",
  inputs: ["services"],
  each: routePlurals,
  ifRead: ["endpointSlices", "pods"],
  *find({ routes, services, origin }) {
    const byId = new Map(services.map((facts) => [facts.service.id, facts]));
    for (const { route, backends } of routes) {
      // Where other backends of the rule take their share, only some of the requests fail.
      yield* withoutEndpoints(route, backends, byId, origin, (leading) =>
        leading.every((backend) => isShared(backend, backends)) ? "warning" : "error",
      );
    }
  },
});
