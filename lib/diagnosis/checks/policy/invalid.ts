import { kubectlGet, quoteForShell } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { NetworkPolicy, TieredPolicy } from "#lib/model/objects.ts";
import { tieredPlurals } from "#lib/model/snapshot.ts";
import { defineCheck } from "../../check.ts";

export const policyInvalid = defineCheck({
  id: "policy/invalid",
  code: "NET-413",
  severity: "warning",
  summary: "A policy has fields that the API refuses, so it does not do what it was written for",
  inputs: [],
  each: ["networkPolicies", ...tieredPlurals],
  *find({ policies, origin }) {
    for (const { policy } of policies) {
      const [first, ...more] = policy.faults;
      if (first === undefined) continue;
      const rest = more.length === 0 ? "" : `; and ${more.length} more`;
      // What a cluster holds has passed its API server, which may know fields that are newer than this program.
      const inFiles = origin === "manifests";
      const outcome = inFiles ? "the API server refuses it" : "what it does is not known";
      yield {
        subject: policy.id,
        part: first.path,
        message: `${nameOf(policy)} is not valid, and ${outcome}: ${first.path} ${first.why}${rest}`,
        evidence: policy.faults.map(({ path, why }) => ({ object: policy.id, path, value: why })),
        fix: {
          text: `Correct ${listedUpTo(
            policy.faults.map(({ path }) => path),
            3,
          )}`,
        },
        kubectl:
          inFiles && policy.origin !== undefined
            ? `kubectl apply --dry-run=server -f ${quoteForShell(policy.origin.file)}`
            : kubectlGet(policy.id),
      };
    }
  },
});

function nameOf({ kind, name }: NetworkPolicy | TieredPolicy): string {
  return kind === "network-policy" ? name : `${kinds[kind].api} ${name}`;
}
