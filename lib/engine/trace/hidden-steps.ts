/** Steps of which nothing is known because whoever asks may not see what decides: they say what to ask for. */
import { refOf } from "#lib/model/ids.ts";
import type { PluralKind } from "#lib/model/kinds.ts";
import { foreignPlurals, tieredPlurals } from "#lib/model/snapshot.ts";
import type { HopKind, TraceEnd } from "#lib/model/trace.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Facts } from "../facts.ts";
import { hiddenWords, hidesSomething, type Where } from "../hidden.ts";
import type { Step, Way } from "./step.ts";

const policies: readonly PluralKind[] = ["networkPolicies", ...tieredPlurals, ...foreignPlurals];
const entries: readonly PluralKind[] = [
  "ingresses",
  "ingressClasses",
  "gateways",
  "gatewayClasses",
  "httpRoutes",
  "grpcRoutes",
];
const backing: readonly PluralKind[] = ["services", "endpointSlices", "pods"];

/** What a hop hangs on. */
const read: Readonly<Record<HopKind, readonly PluralKind[]>> = {
  source: ["pods"],
  dns: backing,
  route: [...entries, ...backing],
  service: backing,
  endpoints: backing,
  "egress-policy": ["pods"],
  "ingress-policy": ["pods"],
  destination: ["pods"],
};

/** The same ways; of what is hidden their steps say so. Verdicts stay as they are. */
export function withHidden(
  { snapshot }: Facts,
  ways: readonly Way[],
  from: TraceEnd,
  to: TraceEnd,
): readonly Way[] {
  if (!hidesSomething(snapshot)) return ways;
  return ways.map((way) => ({
    ...way,
    paths: way.paths.map((path) => ({
      ...path,
      steps: path.steps.map((step) => {
        const where = placesOf(step, from, to);
        return told(
          step,
          ({ code }) =>
            hiddenWords(snapshot, decidedBy(step, code), where) ??
            // Whose pods they are is told by what made them.
            (code === "unread" ? hiddenWords(snapshot, ["replicaSets", "jobs"], where) : undefined),
        );
      }),
    })),
  }));
}

function told(step: Step, wordsOf: (doubt: Doubt) => string | undefined): Step {
  if (step.outcome !== "unknown") return step;
  const all = new Set<string>();
  const doubts = step.doubts.map((doubt) => {
    const words = wordsOf(doubt);
    if (words === undefined) return doubt;
    all.add(words);
    return { ...doubt, sentence: `${doubt.sentence}; ${words}` };
  });
  if (all.size === 0) return step;
  const more = [...all].join("; ");
  const { about } = step;
  return {
    ...step,
    doubts,
    sentence: `${step.sentence}; ${more}`,
    about:
      about === undefined
        ? undefined
        : { ...about, together: (names) => `${about.together(names)}; ${more}` },
  };
}

function decidedBy({ kind }: Step, code: Doubt["code"]): readonly PluralKind[] {
  switch (code) {
    case "policies-unread":
      return policies;
    case "labels-unread":
      return ["namespaces", "nodes"];
    case "unread":
      return read[kind];
    default:
      return [];
  }
}

/** Where what decides would be: beside what the hop is about, at the end that it is at, or anywhere. */
function placesOf({ kind, subject }: Step, from: TraceEnd, to: TraceEnd): Where {
  const own = subject === undefined ? undefined : refOf(subject).namespace;
  if (own !== undefined) return [own];
  switch (kind) {
    case "source":
    case "egress-policy":
      return [from.namespace];
    case "route":
      return [undefined];
    default:
      return [to.namespace];
  }
}
