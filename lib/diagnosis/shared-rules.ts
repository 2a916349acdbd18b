import type { BackendFact } from "#lib/engine/facts.ts";

/** Whether another backend of the same rule takes its share of the requests: a bad one fails for its own share only. */
export function isShared(backend: BackendFact, backends: readonly BackendFact[]): boolean {
  return backends.some((other) => sameRule(other, backend) && other.weight > 0 && takesTraffic(other));
}

/** `spec.rules[0].backendRefs[1]` and `spec.rules[0].backendRefs[0]` share the requests of one rule. */
function sameRule(a: BackendFact, b: BackendFact): boolean {
  return a !== b && a.path.split(".backendRefs")[0] === b.path.split(".backendRefs")[0];
}

function takesTraffic({ state }: BackendFact): boolean {
  return state === "ok" || state === "some-endpoints" || state === "not-a-service";
}
