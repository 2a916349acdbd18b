import type { Evidence, Fix } from "#lib/model/finding.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { IngressFacts } from "../facts.ts";
import { mergePatch } from "../fix/patch.ts";
import { nearestOf } from "../near-words.ts";
import { listed, listedUpTo } from "../object-words.ts";

/** Whether any controller takes an Ingress, which its class decides. */
export type IngressServing =
  | { readonly kind: "served"; readonly remark?: string | undefined }
  | {
      readonly kind: "nobody";
      readonly reason: "IngressClassMissing" | "NoDefaultIngressClass" | "SeveralDefaultIngressClasses";
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
    case "missing":
    case "no-default":
    case "several-defaults": {
      const refusal = nobody(facts, snapshot);
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

function nobody(
  { ingress, class: found }: IngressFacts,
  snapshot: Snapshot,
): Extract<IngressServing, { kind: "nobody" }> {
  const classes = seen(snapshot, "ingressClasses")
    .map(({ name }) => name)
    .sort();
  const [only, ...more] = classes;
  const evidence = {
    object: ingress.id,
    path: "spec.ingressClassName",
    value: found.state === "missing" ? found.name : "none",
  };
  const shared = {
    kind: "nobody",
    evidence,
    nearMiss: classes.length === 0 ? "there is no IngressClass" : undefined,
  } as const;
  const use = (name: string): Fix => ({
    text: `Name the IngressClass ${name} in ${ingress.name}`,
    patch: mergePatch(ingress.id, { spec: { ingressClassName: name } }),
  });
  if (found.state === "missing") {
    const meant = nearestOf(found.name, classes) ?? (more.length === 0 ? only : undefined);
    return {
      ...shared,
      reason: "IngressClassMissing",
      sentence: `IngressClass ${found.name} does not exist, so no controller takes ${ingress.name}`,
      nearMiss: shared.nearMiss ?? `there ${more.length === 0 ? "is" : "are"} ${listedUpTo(classes, 3)}`,
      fix:
        meant === undefined
          ? { text: `Create the IngressClass ${found.name}, or name one that exists` }
          : use(meant),
    };
  }
  if (found.state === "several-defaults") {
    return {
      ...shared,
      reason: "SeveralDefaultIngressClasses",
      sentence: `${ingress.name} names no class, and ${listed(found.names)} are all marked as default`,
      fix: { text: `Name one of ${listed(found.names)} in ${ingress.name}` },
    };
  }
  return {
    ...shared,
    reason: "NoDefaultIngressClass",
    sentence: `${ingress.name} names no class and there is no default class, so no controller takes it`,
    fix:
      only !== undefined && more.length === 0
        ? use(only)
        : { text: `Name an IngressClass in ${ingress.name}` },
  };
}
