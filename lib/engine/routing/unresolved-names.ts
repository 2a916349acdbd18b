import type { ObjectId } from "#lib/model/ids.ts";
import type { Container, Service } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Facts } from "../facts.ts";
import { clusterDns } from "./cluster-dns.ts";
import { lookUpInZone } from "./dns-zone.ts";
import type { NameAnswer } from "./name-answer.ts";
import { isInZone } from "./name-shape.ts";
import { resolveName } from "./resolve-name.ts";
import { judgeName } from "./unanswered-name.ts";

/** A name that someone wrote down, and that names a Service or namespace which does not exist. */
export interface UnresolvedName {
  readonly kind: "unresolved";
  /** The workload whose environment holds it, or the ExternalName. */
  readonly object: ObjectId;
  readonly namespace: string;
  readonly name: string;
  /** "no Service cart in shop". */
  readonly sentence: string;
  readonly nearMiss: string | undefined;
  /** Where it stands: containers and variables; none for an ExternalName. */
  readonly variables: readonly { readonly container: string; readonly variable: string }[];
}

export interface UndecidedName {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
}

/** Names in environments of workloads, as their templates have them, and in ExternalNames. */
export function* unresolvedNames(facts: Facts): Iterable<UnresolvedName | UndecidedName> {
  for (const { id, namespace, pods } of facts.workloads.values()) {
    const containers = facts.index.workloads.get(id)?.template.containers ?? pods[0]?.containers ?? [];
    yield* inEnvironment(facts, id, namespace, containers);
  }
  for (const { service } of facts.services.values())
    if (service.type === "ExternalName") yield* inExternalName(facts, service);
}

function* inEnvironment(
  facts: Facts,
  object: ObjectId,
  namespace: string,
  containers: readonly Container[],
): Iterable<UnresolvedName | UndecidedName> {
  const places = new Map<string, { readonly container: string; readonly variable: string }[]>();
  for (const { name: container, envNames = [] } of containers) {
    for (const { variable, host } of envNames) {
      const list = places.get(host);
      if (list === undefined) places.set(host, [{ container, variable }]);
      else list.push({ container, variable });
    }
  }
  for (const [name, variables] of places) {
    // As a pod with the cluster's DNS asks: whether these pods have that is another question.
    const asker = { namespace, dnsPolicy: "ClusterFirst", hostNetwork: false };
    const told = missing(resolveName(facts, name, asker).answer);
    if (told === undefined) continue;
    if (told.kind === "undecided") yield told;
    else yield { ...told, kind: "unresolved", object, namespace, name, variables };
  }
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
  else yield { ...told, kind: "unresolved", object: id, namespace, name, variables: [] };
}

type Told = UndecidedName | ({ readonly kind: "missing" } & Pick<UnresolvedName, "sentence" | "nearMiss">);

/** That nothing of the name is there. What is there and gives no address is at fault in another way. */
function missing(answer: NameAnswer): Told | undefined {
  if (answer.kind === "unknown") return { kind: "undecided", doubts: [answer.doubt] };
  if (answer.kind !== "not-found" || answer.object !== undefined) return undefined;
  return { kind: "missing", sentence: answer.sentence, nearMiss: answer.nearMiss ?? answer.there };
}
