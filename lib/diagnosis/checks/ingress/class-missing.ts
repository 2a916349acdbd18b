import type { IngressFacts } from "#lib/engine/facts.ts";
import { fixIngressClass } from "#lib/engine/fix/class-fix.ts";
import { kubectl, kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { mergePatch } from "#lib/engine/fix/patch.ts";
import { needsClass, newestDefault } from "#lib/engine/ingress-class.ts";
import { listed, listedUpTo } from "#lib/engine/object-words.ts";
import type { IngressClass } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, type Unjudged, unjudged } from "../../check.ts";

export const ingressClassMissing = defineCheck({
  id: "ingress/class-missing",
  code: "NET-203",
  severity: "error",
  summary: "An Ingress has no IngressClass that exists, or it is not clear which one is the default",
  inputs: ["ingresses", "ingressClasses"],
  // A controller's pods show whether it takes Ingresses without a class.
  ifRead: ["pods", "nodes"],
  *find({ ingresses, objects, origin, unread }) {
    const names = objects.ingressClasses.map(({ name }) => name).sort();
    for (const facts of ingresses) {
      const found = judge(facts, names, origin);
      if (found === undefined) continue;
      const doubtful = "unjudged" in found || facts.class.state === "missing";
      const missing = doubtful ? [] : unread.filter((kind) => kind === "pods" || kind === "nodes");
      yield missing.length > 0 ? unjudged(...missing) : found;
    }
    yield* secondDefaults(objects.ingressClasses);
  },
});

type Judged = Pick<IngressFacts, "ingress" | "class">;

function judge(
  facts: Judged,
  names: readonly string[],
  origin: Snapshot["origin"],
): Found | Unjudged | undefined {
  const { ingress, class: found } = facts;
  const [address] = ingress.loadBalancer?.flatMap(({ ip, hostname }) => ip ?? hostname ?? []) ?? [];
  switch (found.state) {
    case "missing": {
      const had =
        address === undefined ? "" : `; its address ${address} is from a controller that took it once`;
      return {
        ...about(facts, names, found.name),
        // Nothing takes an address away when the class goes, and some controllers go by the name alone.
        severity: address === undefined ? "error" : "warning",
        message: `${ingress.name} names the IngressClass ${found.name}, which does not exist${had}`,
      };
    }
    case "no-default":
      return address === undefined ? withoutClass(facts, names, "and none is the default") : undefined;
    case "several-defaults":
      if (address !== undefined) return undefined;
      return withoutClass(
        facts,
        names,
        origin === "manifests"
          ? `and ${listed(found.names)} are all marked as the default`
          : `and none of the defaults ${listed(found.names)} was filled in`,
      );
    case "found":
      // Admission writes the default into the Ingress; where the field is empty on a cluster, that did not happen.
      return found.byDefault &&
        origin !== "manifests" &&
        ingress.loadBalancer !== undefined &&
        address === undefined
        ? withoutClass(facts, [found.class.name], `and the default ${found.class.name} was not filled in`)
        : undefined;
    case "none-needed":
      return undefined;
    case "unknown":
      return origin === "manifests" && needsClass(ingress) ? notHere(ingress.className) : undefined;
  }
}

function withoutClass(facts: Judged, names: readonly string[], why: string): Found {
  const { name } = facts.ingress;
  return {
    ...about(facts, names, undefined),
    severity: "warning",
    message: `${name} names no IngressClass ${why}: only a controller that is set to take such Ingresses serves it`,
  };
}

function about({ ingress }: Judged, names: readonly string[], wanted: string | undefined) {
  return {
    subject: ingress.id,
    part: "spec.ingressClassName",
    evidence: [{ object: ingress.id, path: "spec.ingressClassName", value: wanted ?? "none" }],
    nearMiss:
      names.length === 0
        ? "there is no IngressClass"
        : `there ${names.length === 1 ? "is" : "are"} ${listedUpTo(names, 3)}`,
    fix: fixIngressClass(ingress, wanted, names),
    kubectl: kubectl(undefined, "get", "ingressclasses"),
  };
}

/** Classes and controllers are seldom in one repository with the Ingresses that use them. */
function notHere(className: string | undefined): Unjudged {
  const which = className === undefined ? "that is the default" : className;
  return { unjudged: ["ingressClasses"], why: `The manifests hold no IngressClass ${which}.` };
}

/** Of several defaults the newest is filled in: the others are none, whatever they say. */
function* secondDefaults(classes: readonly IngressClass[]): Generator<Found> {
  const newest = newestDefault(classes);
  if (newest === undefined) return;
  const path = "metadata.annotations[ingressclass.kubernetes.io/is-default-class]";
  for (const { id, name, isDefault } of classes) {
    if (!isDefault || id === newest.id) continue;
    yield {
      subject: id,
      part: path,
      severity: "warning",
      message: `IngressClass ${name} is marked as the default, and so is ${newest.name}, which new Ingresses get`,
      evidence: [
        { object: id, path, value: "true" },
        { object: newest.id, path, value: "true" },
      ],
      fix: {
        text: `Leave ${newest.name} as the only default`,
        patch: mergePatch(id, {
          metadata: { annotations: { "ingressclass.kubernetes.io/is-default-class": "false" } },
        }),
      },
      kubectl: kubectlGet(id),
      touches: [newest.id],
    };
  }
}
