import type { Ingress } from "#lib/model/objects.ts";
import { known, type Snapshot } from "#lib/model/snapshot.ts";
import type { IngressFacts } from "./facts.ts";
import { readInFull } from "./read-in-full.ts";

const oldAnnotation = "kubernetes.io/ingress.class";

/** The IngressClass of an Ingress: by name, or the one default class (networking.k8s.io/v1, IngressClass). */
export function ingressClassOf(ingress: Ingress, snapshot: Snapshot): IngressFacts["class"] {
  const classes = known(snapshot, "ingressClasses");
  if (classes === undefined) return { state: "unknown", why: "IngressClasses could not be read" };
  const complete = readInFull(snapshot, "ingressClasses") && snapshot.origin !== "manifests";
  const name = ingress.className;
  if (name !== undefined) {
    const found = classes.find((candidate) => candidate.name === name);
    if (found !== undefined) return { state: "found", class: found, byDefault: false };
    if (!complete) return { state: "unknown", why: `IngressClass ${name} is not among what was read` };
    // Controllers that honour the old annotation compare it with a name of their own; an object may never have existed.
    if (ingress.annotations[oldAnnotation] === name) {
      return {
        state: "unknown",
        why: `the annotation ${oldAnnotation} names ${name}, for which no IngressClass is needed`,
      };
    }
    return { state: "missing", name };
  }
  const defaults = classes.filter((candidate) => candidate.isDefault);
  const [only, ...more] = defaults;
  if (only !== undefined && more.length === 0) return { state: "found", class: only, byDefault: true };
  if (only !== undefined)
    return { state: "several-defaults", names: defaults.map((each) => each.name).sort() };
  return complete
    ? { state: "no-default" }
    : { state: "unknown", why: "it names no class, and which one is the default is not among what was read" };
}
