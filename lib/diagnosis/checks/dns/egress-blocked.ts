import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listed, listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { DnsRefusal } from "#lib/engine/reachability/dns-refusals.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import { defineCheck, type Found } from "../../check.ts";
import { followsNear, ifEnforced } from "../../refusal-words.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

export const dnsEgressBlocked = defineCheck({
  id: "dns/egress-blocked",
  code: "NET-603",
  severity: "error",
  summary: "Policies let pods send something and not ask DNS, so names do not resolve in them",
  inputs: ["networkPolicies", "pods"],
  ifRead: ["services", "endpointSlices", ...verdictPlurals],
  *find({ dnsRefusals, ownerOf, isEnforced }) {
    // One finding for each policy: the worse one, where some of its pods may ask by UDP and others not at all.
    const worst = new Map<ObjectId, DnsRefusal>();
    for (const each of dnsRefusals()) {
      if (each.kind === "undecided") {
        yield unjudgedFor(each.doubts, each.unread);
        continue;
      }
      const { id } = each.refusal.policy;
      const known = worst.get(id);
      if (known === undefined || each.protocols.length > known.protocols.length) worst.set(id, each);
    }
    for (const refusal of worst.values())
      yield ifEnforced(
        isEnforced(),
        found(refusal, (pod) => ownerOf.get(pod.id) ?? pod.id),
      );
  },
});

function found({ refusal, pods, protocols, server }: DnsRefusal, ownerOf: (pod: Pod) => ObjectId): Found {
  const { policy, packet, near, evidence, fix } = refusal;
  const owners = [...new Set(pods.map(ownerOf))].sort();
  const ports = protocols.map((protocol) => `${packet.port}/${protocol}`);
  const whom = listedUpTo(owners.map(objectInWords), 3);
  const byUdp = !protocols.includes("UDP");
  const addressesOnly =
    policy.kind === "network-policy" &&
    policy.egress.every(({ peers }) => peers.length > 0 && peers.every(({ kind }) => kind === "ip-block"));
  return {
    subject: policy.id,
    part: "spec.egress",
    // Short answers come by UDP; and who is let out to addresses alone may need no names.
    severity: byUdp ? "info" : addressesOnly ? "warning" : "error",
    message: byUdp
      ? `${policy.name} lets ${whom} ask DNS by UDP and not by TCP (${listed(ports)}): answers that are too long for UDP are lost`
      : `${policy.name} keeps ${whom} from asking DNS (${listed(ports)}), so names do not resolve there`,
    evidence: [...evidence, ...serverEvidence(server, ports)],
    nearMiss: near?.sentence,
    fix,
    kubectl: kubectlGet(policy.id),
    touches: owners,
    follows: followsNear(refusal),
  };
}

function serverEvidence(server: ObjectId | undefined, ports: readonly string[]): Found["evidence"] {
  return server === undefined
    ? []
    : [{ object: server, path: "spec.ports", value: `53, which leads to the pods' ${listed(ports)}` }];
}
