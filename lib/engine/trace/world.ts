import type { Pod } from "#lib/model/objects.ts";
import type { Enforcement } from "#lib/model/trace.ts";
import type { Facts } from "../facts.ts";
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
    classOf: remembered(podClasses(facts)),
  };
}

function remembered(classOf: World["classOf"]): World["classOf"] {
  const known = new WeakMap<Pod, string>();
  return (pod) => {
    const found = known.get(pod) ?? classOf(pod);
    known.set(pod, found);
    return found;
  };
}
