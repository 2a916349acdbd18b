/** What several checks say of packets that policies refuse. */
import type { Refusal } from "#lib/engine/reachability/refusals.ts";
import type { Follows } from "#lib/model/finding.ts";
import type { Found } from "./check.ts";

/** A rule that was most likely meant for such packets, and misses them, has a finding of its own. */
export function followsNear({ near }: Refusal): readonly Follows[] {
  if (near === undefined) return [];
  const check = near.miss === "ports" ? "policy/port-matches-nothing" : "policy/peer-matches-nothing";
  return [{ object: near.policy.id, checks: [check] }];
}

/** Where nothing enforces policies they stop nobody: what they refuse is worth knowing, and no more. */
export function ifEnforced(isEnforced: boolean, found: Found): Found {
  return isEnforced
    ? found
    : {
        ...found,
        severity: "info",
        message: `${found.message}; nothing that enforces policies was found here`,
      };
}
