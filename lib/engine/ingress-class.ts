import type { Ingress, IngressClass } from "#lib/model/objects.ts";
import { known, type Snapshot } from "#lib/model/snapshot.ts";
import type { IngressFacts } from "./facts.ts";
import type { ClasslessTaker } from "./ingress-controllers.ts";
import { readInFull } from "./read-in-full.ts";

const oldAnnotation = "kubernetes.io/ingress.class";

/**
 * The IngressClass of an Ingress: by name, or the one default class (networking.k8s.io/v1, IngressClass). `taker`: who
 * takes Ingresses that name none.
 */
export function ingressClassOf(
  ingress: Ingress,
  snapshot: Snapshot,
  taker: ClasslessTaker | undefined,
): IngressFacts["class"] {
  const classes = known(snapshot, "ingressClasses");
  if (classes === undefined) return { state: "unknown", why: "IngressClasses could not be read" };
  const complete = readInFull(snapshot, "ingressClasses") && snapshot.origin !== "manifests";
  const name = ingress.className;
  if (name !== undefined) {
    const found = classes.find((candidate) => candidate.name === name);
    if (found !== undefined) return { state: "found", class: found, byDefault: false };
    if (!complete) return { state: "unknown", why: `IngressClass ${name} is not among what was read` };
    // Controllers that honour the old annotation compare it with a name of their own; an object may never have existed.
    if (!needsClass(ingress)) {
      return {
        state: "unknown",
        why: `the annotation ${oldAnnotation} names ${name}, for which no IngressClass is needed`,
      };
    }
    return { state: "missing", name };
  }
  // On a cluster the class stays empty where no default was there as the Ingress was created.
  if (taker?.kind === "set-to" && snapshot.origin !== "manifests")
    return { state: "none-needed", taker: taker.taker };
  if (taker?.kind === "by-default" && snapshot.origin !== "manifests") {
    const why = `it names no class, and ${taker.words} takes such Ingresses unless it is told otherwise`;
    return { state: "unknown", why };
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

/** Whether an Ingress needs an IngressClass that exists: one that the old annotation names need not. */
export function needsClass({ className, annotations }: Ingress): boolean {
  return className === undefined || annotations[oldAnnotation] !== className;
}

/** Of several defaults the newest is filled in, of equally old ones the first by name (DefaultIngressClass). */
export function newestDefault(classes: readonly IngressClass[]): IngressClass | undefined {
  const [first] = classes
    .filter(({ isDefault }) => isDefault)
    .toSorted((a, b) => bornAt(b) - bornAt(a) || (a.name < b.name ? -1 : 1));
  return first;
}

function bornAt({ createdAt }: IngressClass): number {
  const time = Date.parse(createdAt ?? "");
  return Number.isNaN(time) ? 0 : time;
}
