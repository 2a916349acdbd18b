/** For tests only: the law of fixes. A fix with a patch or a manifest, applied, mends the hop that carries it. */
import type { Hop, Trace } from "#lib/model/trace.ts";
import { applyFix, canApply, type Document } from "./apply-fix.ts";
import { told } from "./ask.ts";

/** How often advice is taken again: rules open what they can, and sides of a hop are mended one by one. */
const mostRounds = 20;

/**
 * What of the law a trace's fixes break. `trace`: asks the same question of these objects. `mends`: the fixes that were
 * tried, for a test to see that there were some.
 */
export function lawlessFixes(
  documents: readonly Document[],
  trace: (documents: readonly Document[]) => Trace,
): { readonly faults: readonly string[]; readonly mends: number } {
  const first = trace(documents);
  const mendable = blocking(first).filter(isMendable);
  const faults = mendable.flatMap((hop) => {
    const left = mendHop(documents, trace, hop);
    return left === undefined ? [] : [`${hop.title} still blocks after "${hop.fix?.text}":`, ...left];
  });
  return { faults: [...faults, ...mendAll(documents, trace)], mends: mendable.length };
}

function blocking({ hops }: Trace): readonly Hop[] {
  return hops.filter(({ outcome }) => outcome === "block" || outcome === "partial");
}

function isMendable({ fix }: Hop): boolean {
  return fix !== undefined && canApply(fix);
}

/** Takes the advice of one hop alone, as often as it gives some; what the trace tells if it blocks all the same. */
function mendHop(
  documents: readonly Document[],
  trace: (documents: readonly Document[]) => Trace,
  { kind, leg, reason, fix: advice }: Hop,
): readonly string[] | undefined {
  const alike = (found: Trace) =>
    blocking(found).filter((each) => each.kind === kind && each.leg === leg && each.reason === reason);
  const isOnly = alike(trace(documents)).length === 1;
  let now = documents;
  let fix = advice;
  for (let round = 0; round < mostRounds && fix !== undefined; round++) {
    now = applyFix(now, fix);
    const found = trace(now);
    const left = alike(found);
    if (left.some((hop) => hop.fix?.text === fix?.text)) return told(found);
    // Which of several hops alike is which, their words do not tell: all advice together will.
    const [hop] = left;
    if (hop === undefined || !isOnly) return undefined;
    // Of a hop that some paths pass now, no more is asked than it can give.
    if (!isMendable(hop)) return hop.outcome === "partial" ? undefined : told(found);
    fix = hop.fix;
  }
  return told(trace(now));
}

/** Takes all advice: where every blocker gives some, the question is answered "reachable" in the end. */
function mendAll(
  documents: readonly Document[],
  trace: (documents: readonly Document[]) => Trace,
): readonly string[] {
  let now = documents;
  for (let round = 0; round < mostRounds; round++) {
    const found = trace(now);
    const hops = blocking(found);
    if (!hops.every(isMendable)) return [];
    if (hops.length === 0)
      return found.verdict === "reachable" || found.verdict === "unknown"
        ? []
        : ["not mended:", ...told(found)];
    now = hops.reduce((changed, { fix }) => (fix === undefined ? changed : applyFix(changed, fix)), now);
  }
  return ["never mended:", ...told(trace(now))];
}
