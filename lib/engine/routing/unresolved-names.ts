import type { ObjectId } from "#lib/model/ids.ts";
import type { Service } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Facts } from "../facts.ts";
import { containerPath, podSpecPath } from "../pod-makers.ts";
import { clusterDns } from "./cluster-dns.ts";
import { lookUpInZone } from "./dns-zone.ts";
import type { NameAnswer } from "./name-answer.ts";
import { isInZone } from "./name-shape.ts";
import { resolveName } from "./resolve-name.ts";
import { judgeName } from "./unanswered-name.ts";

/** A name that someone wrote down, and that names a Service or namespace which does not exist. */
export type UnresolvedName = {
  readonly name: string;
  readonly namespace: string;
  /** "no Service cart in shop". */
  readonly sentence: string;
  readonly nearMiss: string | undefined;
} & (
  | { readonly kind: "alias"; readonly service: ObjectId }
  /** `uses`: all of them in one namespace, sorted; at least one. */
  | { readonly kind: "environment"; readonly uses: readonly NameUse[] }
);

/** Where an environment holds a name. */
export interface NameUse {
  readonly workload: ObjectId;
  readonly variable: string;
  /** Field path of the variable: `spec.template.spec.containers[0].env[CART]`. */
  readonly path: string;
}

export interface UndecidedName {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
}

/** Names in environments of workloads, as their templates have them, and in ExternalNames. */
export function* unresolvedNames(facts: Facts): Iterable<UnresolvedName | UndecidedName | undefined> {
  // What many workloads name alike is looked up once, and is one thing to be told.
  const byName = new Map<
    string,
    { readonly namespace: string; readonly name: string; readonly uses: NameUse[] }
  >();
  for (const { id, kind, namespace, pods } of facts.workloads.values()) {
    yield;
    const containers = facts.index.workloads.get(id)?.template.containers ?? pods[0]?.containers ?? [];
    const maker = { path: podSpecPath(kind), spec: { containers } };
    for (const container of containers) {
      for (const { variable, host } of container.envNames ?? []) {
        const key = `${namespace} ${host}`;
        const path = `${containerPath(maker, container)}.env[${variable}]`;
        const use = { workload: id, variable, path };
        const known = byName.get(key);
        if (known === undefined) byName.set(key, { namespace, name: host, uses: [use] });
        else known.uses.push(use);
      }
    }
  }
  for (const named of byName.values()) {
    yield;
    // As a pod with the cluster's DNS asks: whether these pods have that is another question.
    const asker = { namespace: named.namespace, dnsPolicy: "ClusterFirst", hostNetwork: false };
    const told = missing(resolveName(facts, named.name, asker).answer);
    if (told?.kind === "undecided") yield told;
    else if (told !== undefined)
      yield { ...told, ...named, kind: "environment", uses: named.uses.sort(byWorkload) };
  }
  for (const { service } of facts.services.values())
    if (service.type === "ExternalName") yield* inExternalName(facts, service);
}

function byWorkload(a: NameUse, b: NameUse): number {
  return a.workload === b.workload ? (a.variable < b.variable ? -1 : 1) : a.workload < b.workload ? -1 : 1;
}

/** A CNAME's target is absolute: no search list is tried below it. */
function* inExternalName(
  facts: Facts,
  { id, namespace, externalName = "" }: Service,
): Iterable<UnresolvedName | UndecidedName> {
  const dns = clusterDns(facts);
  const name = externalName.toLowerCase().replace(/\.$/, "");
  const inZone = isInZone(name, dns.domain) ? lookUpInZone(facts, dns, name) : undefined;
  // There, whatever becomes of it; or at fault in another way than by not being there.
  if (inZone?.kind === "found" || inZone?.kind === "alias") return;
  if (inZone?.kind === "absent" && inZone.fault !== undefined) return;
  const told = missing(judgeName({ facts, dns, name, written: "absolute", namespace }));
  if (told === undefined) return;
  if (told.kind === "undecided") yield told;
  else yield { ...told, kind: "alias", service: id, namespace, name };
}

type Told = UndecidedName | ({ readonly kind: "missing" } & Pick<UnresolvedName, "sentence" | "nearMiss">);

/** That nothing of the name is there. What is there and gives no address is at fault in another way. */
function missing(answer: NameAnswer): Told | undefined {
  if (answer.kind === "unknown") return { kind: "undecided", doubts: [answer.doubt] };
  if (answer.kind !== "not-found" || answer.object !== undefined) return undefined;
  return { kind: "missing", sentence: answer.sentence, nearMiss: answer.nearMiss ?? answer.there };
}
