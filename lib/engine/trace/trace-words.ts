/** The verdict in one sentence. Configured is not observed: "should reach", never "reaches". */
import type { Enforcement, Hop, TraceEnd, TraceSide, Verdict } from "#lib/model/trace.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { listed } from "../object-words.ts";

export interface Told {
  readonly from: TraceEnd;
  readonly to: TraceEnd;
  readonly port: number | undefined;
  readonly verdict: Verdict;
  readonly hops: readonly Hop[];
  readonly sides: readonly TraceSide[];
  readonly doubts: readonly Doubt[];
  readonly enforcement: Enforcement;
  /** How it gets there, where there was a choice: "through the load balancer of Service web". */
  readonly by: string;
}

export function sentenceOf(told: Told): string {
  const { from, to, port, verdict, by } = told;
  const on = port === undefined || to.text.includes("://") ? "" : ` on ${port}`;
  const way = by === "" ? "" : ` ${by}`;
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

function reasonsOf({ hops, enforcement }: Told): string {
  const blocking = hops.filter(({ outcome }) => outcome === "block" || outcome === "partial");
  const words = [...new Set(blocking.map(reasonOf))];
  const policies =
    blocking.length > 0 &&
    blocking.every(({ kind }) => kind === "egress-policy" || kind === "ingress-policy");
  const caveat =
    policies && enforcement.state === "none-found"
      ? "; no policy engine was found, so the packet may still pass"
      : "";
  return `${listed(words)}${caveat}`;
}

function reasonOf({ reason, title }: Hop): string {
  return reason ?? `it stops at ${title}`;
}

/** "only from node-1", "only to cart-0", "on some of its paths". */
function onlyWords({ sides }: Told): string {
  const passing = sides.filter(({ verdict }) => verdict === "reachable");
  const [only] = passing;
  return passing.length === 1 && only !== undefined && only.who !== ""
    ? `only ${only.who}`
    : "on some paths only";
}

/** "Service sock-shop/orders: no rule admits it; isolated by …": a line for each blocker. */
export function blockerOf({ title, sentence }: Hop): string {
  return `${title}: ${sentence}`;
}
