import type { ObjectId } from "#lib/model/ids.ts";
import type { Ingress } from "#lib/model/objects.ts";
import { known, type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { IngressFacts } from "./facts.ts";
import { isFinished } from "./pod-readiness.ts";
import { readInFull } from "./read-in-full.ts";

const oldAnnotation = "kubernetes.io/ingress.class";

/**
 * The IngressClass of an Ingress: by name, or the one default class (networking.k8s.io/v1, IngressClass). `taker`: a
 * controller that takes Ingresses which name none; see `takerOfClassless`.
 */
export function ingressClassOf(
  ingress: Ingress,
  snapshot: Snapshot,
  taker: ObjectId | undefined,
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
    if (ingress.annotations[oldAnnotation] === name) {
      return {
        state: "unknown",
        why: `the annotation ${oldAnnotation} names ${name}, for which no IngressClass is needed`,
      };
    }
    return { state: "missing", name };
  }
  // On a cluster the class stays empty where no default was there as the Ingress was created.
  if (taker !== undefined && snapshot.origin !== "manifests") return { state: "none-needed", taker };
  const defaults = classes.filter((candidate) => candidate.isDefault);
  const [only, ...more] = defaults;
  if (only !== undefined && more.length === 0) return { state: "found", class: only, byDefault: true };
  if (only !== undefined)
    return { state: "several-defaults", names: defaults.map((each) => each.name).sort() };
  return complete
    ? { state: "no-default" }
    : { state: "unknown", why: "it names no class, and which one is the default is not among what was read" };
}

/**
 * The workload whose pods take Ingresses without a class: ingress-nginx does with `--watch-ingress-without-class`. Other
 * controllers may by what is not read, so that undefined does not say that nobody does.
 */
export function takerOfClassless(snapshot: Snapshot, index: ClusterIndex): ObjectId | undefined {
  const pods = seen(snapshot, "pods").filter(
    (pod) =>
      !isFinished(pod) &&
      pod.containers.some(({ flags }) => flags?.["watch-ingress-without-class"] === "true"),
  );
  const [first] = pods.map(({ id }) => index.ownerOf.get(id) ?? id).sort();
  return first;
}
