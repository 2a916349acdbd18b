import type { Facts, IngressFacts } from "../facts.ts";
import { nginxAnnotations } from "../nginx-annotations.ts";
import { byAge } from "./http-age.ts";
import { type HostIndex, hostIndex } from "./http-host-index.ts";
import { type IngressRuleAt, pathKey, pathsOf, rulesOf } from "./ingress-paths.ts";
import { type IngressServing, ingressServing } from "./ingress-serving.ts";

/** The Ingresses of one class: one controller reads them as one configuration, whatever namespaces they are in. */
export interface IngressGroup {
  /** What the class as such comes to: what shows of one member that a controller takes it shows it of all of them. */
  readonly serving: IngressServing;
  /** The oldest first. */
  readonly members: readonly IngressFacts[];
  /** Without canaries. A wildcard stands for one label. Of one hostname, those of the oldest Ingress first. */
  readonly rules: HostIndex<IngressRuleAt>;
  /** Rules that only take a share of what another one gets, by `pathKey` (ingress-nginx, `canary`). */
  readonly canaries: ReadonlyMap<string, readonly IngressRuleAt[]>;
  /** Hosts of `tls` entries; an entry without hosts stands under no hostname. */
  readonly tls: HostIndex<IngressFacts>;
}

/** Independent of the order of the Ingresses. */
export function ingressGroups(facts: Facts): readonly IngressGroup[] {
  const byKey = new Map<string, IngressFacts[]>();
  for (const ingress of [...facts.ingresses.values()].sort((a, b) => byAge(a.ingress, b.ingress))) {
    const key = groupKey(ingress);
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [ingress]);
    else members.push(ingress);
  }
  return [...byKey.values()].map((members) => ({
    serving: servingOf(members, facts),
    members,
    rules: hostIndex(members.filter((member) => !isCanary(member)).flatMap(byHost), "one-label"),
    canaries: canariesOf(members.filter(isCanary)),
    tls: hostIndex(
      members.flatMap((member) =>
        member.ingress.tls.flatMap(({ hosts }) =>
          (hosts.length === 0 ? [undefined] : hosts).map((host) => [host, member] as const),
        ),
      ),
      "one-label",
    ),
  }));
}

/** One of a class that was not read may be an Ingress like any other. */
function isCanary(facts: IngressFacts): boolean {
  const { isCanary, inDoubt } = nginxAnnotations(facts);
  return isCanary && !inDoubt;
}

function canariesOf(members: readonly IngressFacts[]): IngressGroup["canaries"] {
  const byKey = new Map<string, IngressRuleAt[]>();
  for (const { at, path } of members.flatMap(rulesOf).flatMap(pathsOf)) {
    const key = pathKey(at.host, path);
    byKey.set(key, [...(byKey.get(key) ?? []), at]);
  }
  return byKey;
}

function byHost(facts: IngressFacts): readonly (readonly [string | undefined, IngressRuleAt])[] {
  return rulesOf(facts).map((at) => [at.host, at]);
}

/** By the class that there is; by its name where the object is not there or not read. */
export function groupKey({ ingress, class: found }: Pick<IngressFacts, "ingress" | "class">): string {
  if (found.state === "found") return `class ${found.class.name}`;
  return ingress.className === undefined ? "unnamed" : `named ${ingress.className}`;
}

const favour = { served: 0, unknown: 1, nobody: 2 } as const;

function servingOf(members: readonly IngressFacts[], { snapshot }: Facts): IngressServing {
  const servings = members.map((member) => ingressServing(member, snapshot));
  const [best] = servings.toSorted((a, b) => favour[a.kind] - favour[b.kind]);
  return best ?? { kind: "served" };
}

/** What it comes to for one member: its own remark or fault, unless the class does better. */
export function memberServing(
  group: IngressGroup,
  member: IngressFacts,
  { snapshot }: Facts,
): IngressServing {
  const own = ingressServing(member, snapshot);
  if (own.kind === group.serving.kind) return own;
  return group.serving.kind === "served" ? { kind: "served" } : group.serving;
}
