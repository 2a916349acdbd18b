import { defineCheck } from "../../check.ts";
import { withoutEndpoints } from "../../no-endpoints.ts";

export const ingressBackendNoEndpoints = defineCheck({
  id: "ingress/backend-no-endpoints",
  code: "NET-205",
  severity: "error",
  summary: "An Ingress sends requests to a Service without an endpoint that takes them",
  inputs: ["ingresses", "services"],
  ifRead: ["endpointSlices", "pods"],
  *find({ ingresses, services, origin }) {
    const byId = new Map(services.map((facts) => [facts.service.id, facts]));
    for (const { ingress, backends } of ingresses)
      yield* withoutEndpoints(ingress, backends, byId, origin, () => "error");
  },
});
