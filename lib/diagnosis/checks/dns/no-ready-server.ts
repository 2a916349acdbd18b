import { whyNoPods } from "#lib/engine/expected-pods.ts";
import type { ServiceFacts } from "#lib/engine/facts.ts";
import { labelsInWords } from "#lib/engine/selector.ts";
import type { Severity } from "#lib/model/finding.ts";
import type { ConfigMap } from "#lib/model/objects.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import {
  behind,
  endpointName,
  kubectlEndpoints,
  reasonsAsEvidence,
  shortList,
  whyNotReady,
} from "../../endpoint-reasons.ts";

type Server = Pick<ServiceFacts, "service" | "backing" | "source" | "endpoints" | "ready" | "total">;

export const dnsNoReadyServer = defineCheck({
  id: "dns/no-ready-server",
  code: "NET-601",
  severity: "error",
  summary: "No server answers the cluster's DNS",
  inputs: ["services"],
  ifRead: ["endpointSlices", "pods", "configMaps", ...workloadPlurals],
  *find({ dnsServer, dnsConfig, workloadsMeant, origin, unread }) {
    const server = dnsServer();
    if (server === undefined || server.ready > 0 || origin === "manifests") return;
    // What a part of the slices or pods does not list may stand in the other part.
    const source = server.source === "computed" ? "pods" : "endpointSlices";
    if (server.source === "unknown" || unread.includes(source)) {
      yield unjudged("endpointSlices", "pods");
      return;
    }
    const { namespace, selector } = server.service;
    const asked = { matchLabels: selector, matchExpressions: [] };
    const meant = workloadsMeant(namespace, asked);
    const idle = meant.length === 0 ? undefined : whyNoPods(meant, asked);
    yield found(server, idle, dnsConfig());
  },
});

function found(
  { service, endpoints, total }: Server,
  idle: string | undefined,
  config: ConfigMap | undefined,
): Found {
  const { id, name } = service;
  const draining = endpoints.filter(({ serving, terminating }) => serving && terminating);
  const why = whyNotReady(endpoints);
  const state =
    total === 0
      ? `${name} has no endpoint${idle === undefined ? "" : ` (${idle})`}`
      : `none of the ${total} endpoints of ${name} is ready${why === "" ? "" : `: ${why}`}`;
  return {
    subject: id,
    severity: severityOf(idle, draining.length),
    message:
      draining.length > 0
        ? `Only servers that shut down still answer the cluster's DNS: ${state}`
        : `No server answers the cluster's DNS, so no name resolves in its pods: ${state}`,
    evidence: [
      { object: id, path: "spec.selector", value: labelsInWords(service.selector) || "none" },
      ...reasonsAsEvidence(endpoints),
    ],
    fix: {
      text:
        endpoints.length > 0
          ? `Repair ${shortList(endpoints.map(endpointName))}`
          : idle === undefined
            ? `Bring back the pods that ${name} selects`
            : "Scale the DNS servers up again, unless something else answers DNS in this cluster",
    },
    kubectl: kubectlEndpoints(service),
    touches: behind(endpoints),
    follows: [
      {
        object: id,
        checks: ["service/no-ready-endpoints", "service/selector-matches-nothing"],
      },
      ...(config === undefined ? [] : [{ object: config.id, checks: ["dns/corefile"] }]),
    ],
  };
}

/** Scaled to zero is a choice, which clusters make whose DNS is outside (GKE's Cloud DNS). */
function severityOf(idle: string | undefined, draining: number): Severity {
  return idle !== undefined || draining > 0 ? "warning" : "error";
}
