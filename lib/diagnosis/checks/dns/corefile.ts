import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { defineCheck, unjudged } from "../../check.ts";

export const dnsCorefile = defineCheck({
  id: "dns/corefile",
  code: "NET-602",
  severity: "error",
  summary: "The configuration of the cluster's DNS does not answer its names, or forwards in a loop",
  inputs: ["configMaps"],
  ifRead: ["services", "pods"],
  *find({ corefileFaults, unread }) {
    // Which ConfigMap it is, and whether an address is the DNS's own, the Service and its pods tell.
    if (unread.length > 0) yield unjudged("services", "pods");
    const found = corefileFaults();
    if (found === undefined) return;
    const { id, name } = found.configMap;
    for (const { is, line, sentence, value, fix } of found.faults) {
      yield {
        subject: id,
        part: `data.Corefile line ${line}`,
        // Servers that run go on with what they have read, until they start anew.
        severity: is === "unreadable" ? "warning" : "error",
        message: `In the Corefile of ${name}, line ${line}: ${sentence}`,
        evidence: [{ object: id, path: `data.Corefile line ${line}`, value }],
        fix: { text: fix },
        kubectl: kubectlGet(id),
      };
    }
  },
});
