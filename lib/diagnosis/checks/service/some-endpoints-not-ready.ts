import { defineCheck, unjudged } from "../../check.ts";
import {
  behind,
  endpointName,
  followsOf,
  kubectlEndpoints,
  reasonsAsEvidence,
  shortList,
  whyNotReady,
} from "../../endpoint-reasons.ts";

export const serviceSomeEndpointsNotReady = defineCheck({
  id: "service/some-endpoints-not-ready",
  code: "NET-103",
  severity: "warning",
  summary: "Part of a Service's endpoints takes no traffic",
  inputs: ["services"],
  ifRead: ["endpointSlices", "pods"],
  *find({ services, unread }) {
    for (const { service, backing, source, endpoints, ready, total } of services) {
      if (backing === "external-name") continue;
      // What a part of the slices does not list may stand in the other part.
      if (source === "unknown" || (source !== "computed" && unread.includes("endpointSlices"))) {
        yield unjudged("endpointSlices", "pods");
        continue;
      }
      // Endpoints that are shutting down leave on purpose: they are what a rollout looks like.
      const lame = endpoints.filter((endpoint) => !endpoint.ready && !endpoint.terminating);
      if (ready === 0 || lame.length === 0) continue;
      const { id, name } = service;
      const why = whyNotReady(lame);
      const names = shortList(lame.map(endpointName));
      yield {
        subject: id,
        message: `${ready} of ${total} endpoints of ${name} take traffic; not ready: ${why === "" ? names : why}`,
        evidence: reasonsAsEvidence(lame),
        fix: { text: `Repair ${names}; the Service ${name} needs no change` },
        kubectl: kubectlEndpoints(service),
        touches: behind(lame),
        follows: followsOf(service, lame),
      };
    }
  },
});
