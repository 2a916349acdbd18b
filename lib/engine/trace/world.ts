import type { Pod } from "#lib/model/objects.ts";
import { foreignPlurals, type Snapshot, tieredPlurals } from "#lib/model/snapshot.ts";
import type { Enforcement } from "#lib/model/trace.ts";
import type { Facts } from "../facts.ts";
import { listedUpTo, pluralInWords } from "../object-words.ts";
import { type CompiledPolicies, compilePolicies } from "../policy/compile-policies.ts";
import type { Dialect } from "../policy/dialect.ts";
import { networkPlugin } from "../policy/network-plugin.ts";
import { podClasses } from "../policy/pod-classes.ts";

/** Everything that questions about one snapshot are asked of. Made once, asked often. */
export interface World {
  readonly facts: Facts;
  readonly policies: CompiledPolicies;
  readonly enforcement: Enforcement;
  /** What the plugin leaves open or decides, and by whose word. */
  readonly dialect: Dialect;
  /** What was not looked for and could change any answer, in a sentence; empty where there is nothing such. */
  readonly notLookedFor: readonly string[];
  /** Pods with equal keys are alike for every policy. */
  readonly classOf: (pod: Pod) => string;
}

/** Settings of the dialect that someone made by hand; they count before what the cluster shows. */
export type DialectSettings = Partial<Dialect>;

export function traceWorld(facts: Facts, settings: DialectSettings = {}): World {
  const plugin = networkPlugin(facts);
  const dialect: Dialect = { ...plugin.dialect, ...settings };
  return {
    facts,
    policies: compilePolicies(facts, dialect),
    enforcement: plugin.enforcement,
    dialect,
    notLookedFor: notLookedFor(facts.snapshot),
    classOf: remembered(podClasses(facts)),
  };
}

const plain = new WeakMap<Facts, World>();

/** The world of these facts as the cluster shows it, without settings by hand: made once, whoever asks. */
export function worldOf(facts: Facts): World {
  const world = plain.get(facts) ?? traceWorld(facts);
  plain.set(facts, world);
  return world;
}

/** Most clusters have no policies of custom kinds, and no dump says that it would have had some (docs/spec/policy.md, 7.3). */
function notLookedFor({ unread }: Snapshot): readonly string[] {
  const missing = [...tieredPlurals, ...foreignPlurals].filter(
    (plural) => unread[plural]?.reason === "not-collected",
  );
  if (missing.length === 0) return [];
  const names = listedUpTo([...new Set(missing.map(pluralInWords))], 3);
  return [`${names} are not in the files; where there are some, they may decide otherwise`];
}

function remembered(classOf: World["classOf"]): World["classOf"] {
  const known = new WeakMap<Pod, string>();
  return (pod) => {
    const found = known.get(pod) ?? classOf(pod);
    known.set(pod, found);
    return found;
  };
}
