/** The verdict in one sentence. Configured is not observed: "should reach", never "reaches". */
import type { Protocol } from "#lib/model/objects.ts";
import type { Enforcement, Hop, TraceEnd, TraceSide, Verdict } from "#lib/model/trace.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { listed } from "../object-words.ts";

export interface Told {
  readonly from: TraceEnd;
  readonly to: TraceEnd;
  /** A number, a name, or words for many: "any port but 53". */
  readonly port: number | string | undefined;
  readonly protocol: Protocol;
  readonly verdict: Verdict;
  readonly hops: readonly Hop[];
  readonly sides: readonly TraceSide[];
  readonly doubts: readonly Doubt[];
  readonly enforcement: Enforcement;
  /** How it gets there, where there was a choice: "through the load balancer of Service web". */
  readonly by: string;
}

export function sentenceOf(told: Told): string {
  const { from, to, verdict, by } = told;
  const way = by === "" ? "" : ` ${by}`;
  const on = portWords(told);
  switch (verdict) {
    case "reachable":
      return `${from.name} should reach ${to.name}${on}${way}`;
    case "blocked":
      return `${from.name} should not reach ${to.name}${on}: ${reasonsOf(told)}`;
    case "depends":
      return `${from.name} should reach ${to.name}${on}${way} ${onlyWords(told)}`;
    case "unknown":
      return `whether ${from.name} reaches ${to.name}${on} is not known: ${told.doubts[0]?.sentence ?? "see the hops"}`;
  }
}

/** " on 80", " on 53/UDP"; a URL has its own. */
function portWords({ to, port, protocol }: Told): string {
  if (port === undefined || to.text.includes("://")) return "";
  return protocol === "TCP" ? ` on ${port}` : ` on ${port}/${protocol}`;
}

function reasonsOf(told: Told): string {
  return `${listed(inOne([...new Set(blockingIn(told).map(reasonOf))]))}${unenforced(told) ? "; no policy engine was found, so the packet may still pass" : ""}`;
}

/** Of policies at both ends as one reason. */
function inOne(reasons: readonly string[]): readonly string[] {
  const at = (end: string) => `a policy stops it at the ${end}`;
  if (!reasons.includes(at("source")) || !reasons.includes(at("destination"))) return reasons;
  return reasons
    .filter((reason) => reason !== at("source"))
    .map((reason) =>
      reason === at("destination") ? "policies stop it at the source and at the destination" : reason,
    );
}

function blockingIn({ hops }: Told): readonly Hop[] {
  return hops.filter(({ outcome }) => outcome === "block" || outcome === "partial");
}

/** Whether nothing stops it but policies, which nothing was found to enforce. */
function unenforced(told: Told): boolean {
  const blocking = blockingIn(told);
  return (
    told.enforcement.state === "none-found" &&
    blocking.length > 0 &&
    blocking.every(
      ({ kind, clauses }) =>
        kind === "egress-policy" || kind === "ingress-policy" || (kind === "dns" && clauses.length > 0),
    )
  );
}

function reasonOf({ reason, title }: Hop): string {
  return reason ?? `it stops at ${title}`;
}

/** "only from node-1", "only to cart-0", "on some paths only". */
function onlyWords(told: Told): string {
  const passing = told.sides.filter(({ verdict }) => verdict === "reachable");
  const [only] = passing;
  const words =
    passing.length === 1 && only !== undefined && only.who !== "" ? `only ${only.who}` : "on some paths only";
  return `${words}${unenforced(told) ? "; no policy engine was found, so all packets may pass" : ""}`;
}

/** "Service sock-shop/orders: no rule admits it; isolated by …": a line for each blocker. */
export function blockerOf({ title, sentence }: Hop): string {
  return `${title}: ${sentence}`;
}
