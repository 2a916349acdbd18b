import type { Evidence, Fix } from "#lib/model/finding.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { IngressFacts } from "../facts.ts";
import { fixIngressClass } from "../fix/class-fix.ts";
import { listed, listedUpTo, objectInWords } from "../object-words.ts";

/** Whether any controller takes an Ingress, which its class decides. */
export type IngressServing =
  | { readonly kind: "served"; readonly remark?: string | undefined }
  | {
      readonly kind: "nobody";
      readonly reason: "IngressClassMissing";
      readonly sentence: string;
      readonly evidence: Evidence;
      readonly nearMiss?: string | undefined;
      readonly fix: Fix;
    }
  | { readonly kind: "unknown"; readonly sentence: string };

const oldAnnotation = "kubernetes.io/ingress.class";

export function ingressServing(facts: IngressFacts, snapshot: Snapshot): IngressServing {
  const { ingress } = facts;
  const address = addressesOf(facts)?.[0];
  switch (facts.class.state) {
    case "found":
      return { kind: "served", remark: defaultRemark(facts, snapshot, address) };
    case "none-needed": {
      const taker = objectInWords(facts.class.taker);
      return {
        kind: "served",
        remark:
          address === undefined ? `${ingress.name} names no class; ${taker} takes such Ingresses` : undefined,
      };
    }
    case "no-default":
    case "several-defaults":
      // Only controllers write addresses.
      return address === undefined ? withoutClass(facts, snapshot) : { kind: "served" };
    case "missing": {
      const refusal = nobody(facts, facts.class.name, snapshot);
      // Only controllers write addresses; but nothing takes them away when the class goes.
      return address === undefined
        ? refusal
        : {
            kind: "unknown",
            sentence: `${refusal.sentence}; yet its status has the address ${address}: a controller takes it all the same, or the status is old`,
          };
    }
    case "unknown":
      if (ingress.className !== undefined && ingress.annotations[oldAnnotation] === ingress.className) {
        const remark = `${facts.class.why}; whether a controller answers to that name is not known`;
        return { kind: "served", remark: address === undefined ? remark : undefined };
      }
      if (address !== undefined) return { kind: "served" };
      // The controller and its class are seldom in one repository with what they serve: taken as running, like pods.
      if (ingress.className !== undefined && snapshot.origin === "manifests")
        return { kind: "served", remark: `${facts.class.why}; it is taken to be there` };
      return { kind: "unknown", sentence: `Whether a controller takes it is not known: ${facts.class.why}` };
  }
}

export function addressesOf({ ingress }: IngressFacts): readonly string[] | undefined {
  return ingress.loadBalancer?.flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
}

/** "Ingress boutique/admin (class nginx)". */
export function ingressInWords({ ingress, class: found }: IngressFacts): string {
  const name = found.state === "found" ? found.class.name : ingress.className;
  return `Ingress ${ingress.namespace}/${ingress.name} (${name === undefined ? "no class" : `class ${name}`})`;
}

/** The default class is filled in by admission, on create alone (DefaultIngressClass); later defaults change nothing. */
function defaultRemark(
  { ingress, class: found }: IngressFacts,
  { origin }: Snapshot,
  address: string | undefined,
): string | undefined {
  if (found.state !== "found" || !found.byDefault || origin === "manifests" || address !== undefined)
    return undefined;
  return `${ingress.name} names no class: the default class ${found.class.name} is filled in only as an Ingress is created, so this one may be older and ignored`;
}

/**
 * Some controllers take Ingresses without a class, by settings that are not read; several defaults are in order as one
 * is created, when the newest is filled in (DefaultIngressClass), and change nothing for those that are there.
 */
function withoutClass({ ingress, class: found }: IngressFacts, { origin }: Snapshot): IngressServing {
  if (found.state === "several-defaults" && origin === "manifests")
    return {
      kind: "served",
      remark: `${ingress.name} names no class, and ${listed(found.names)} are all marked as default: the newest is filled in`,
    };
  const why =
    found.state === "several-defaults"
      ? `none of the default classes ${listed(found.names)} was filled in`
      : "there is no default class";
  return {
    kind: "unknown",
    sentence: `${ingress.name} names no class and ${why}: only a controller that is set to take such Ingresses serves it`,
  };
}

function nobody(
  { ingress }: IngressFacts,
  name: string,
  snapshot: Snapshot,
): Extract<IngressServing, { kind: "nobody" }> {
  const classes = seen(snapshot, "ingressClasses")
    .map((each) => each.name)
    .sort();
  return {
    kind: "nobody",
    reason: "IngressClassMissing",
    sentence: `IngressClass ${name} does not exist, so no controller takes ${ingress.name}`,
    evidence: { object: ingress.id, path: "spec.ingressClassName", value: name },
    nearMiss:
      classes.length === 0
        ? "there is no IngressClass"
        : `there ${classes.length === 1 ? "is" : "are"} ${listedUpTo(classes, 3)}`,
    fix: fixIngressClass(ingress, name, classes),
  };
}
