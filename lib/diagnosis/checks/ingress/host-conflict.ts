import { kubectl, kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import type { ContestedClaim, HostConflict } from "#lib/engine/routing/host-conflicts.ts";
import { pathOf } from "#lib/engine/routing/ingress-paths.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Ingress } from "#lib/model/objects.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

export const ingressHostConflict = defineCheck({
  id: "ingress/host-conflict",
  code: "NET-207",
  severity: "warning",
  summary: "A host and path of an Ingress is claimed by another Ingress or route as well",
  inputs: ["ingresses"],
  // Who reads an Ingress, and which routes are in force.
  ifRead: ["ingressClasses", "httpRoutes", "gateways", "listenerSets", "namespaces"],
  *find({ ingresses, unread, hostConflicts }) {
    if (ingresses.length === 0) return;
    yield unjudged("ingressClasses", "httpRoutes", "gateways", "listenerSets", "namespaces");
    for (const conflict of hostConflicts()) {
      // One that was not read may come before both, and lead where this one would.
      yield unread.includes("ingresses") ? unjudged("ingresses") : found(conflict);
    }
  },
});

const ranks = { "one-class": 0, "one-address": 1, elsewhere: 2 } as const;

function found({ at, claims }: HostConflict): Found {
  const { ingress } = at.facts;
  const sorted = claims.toSorted((a, b) => ranks[a.how] - ranks[b.how] || byOther(a, b));
  const how = sorted[0]?.how ?? "elsewhere";
  const worst = sorted.filter((claim) => claim.how === how);
  const paths = [
    ...new Set(worst.map(({ own: { path } }) => requestsOf({ host: at.host, match: path.path }))),
  ];
  const others = [...new Map(worst.map(({ other }) => [other.id, other])).values()];
  const names = listedUpTo(
    others.map((other) => `${kinds[other.kind].api} ${other.namespace}/${other.name}`),
    3,
  );
  return {
    subject: ingress.id,
    part: `spec.rules[${at.rule}]`,
    severity: how === "elsewhere" ? "info" : "warning",
    message: messageOf(how, ingress, listedUpTo(paths, 3), names, others.length),
    evidence: sorted.flatMap(({ own, other, place }) => [
      { object: ingress.id, path: pathOf(own), value: `${own.path.pathType} ${own.path.path}` },
      { object: other.id, path: place, value: own.path.path },
    ]),
    fix: { text: fixText(how, ingress) },
    kubectl:
      how === "elsewhere"
        ? kubectlGet(ingress.id)
        : kubectl(undefined, "get", "ingresses", "-A", "--sort-by=.metadata.creationTimestamp"),
    touches: others.map(({ id }) => id),
  };
}

function byOther(
  { other: a, place: placeA }: ContestedClaim,
  { other: b, place: placeB }: ContestedClaim,
): number {
  const [keyA, keyB] = [`${a.id} ${placeA}`, `${b.id} ${placeB}`];
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0;
}

function messageOf(
  how: ContestedClaim["how"],
  ingress: Ingress,
  paths: string,
  names: string,
  others: number,
): string {
  const verb = others === 1 ? "claims" : "claim";
  switch (how) {
    case "one-class":
      return `${names}, which ${others === 1 ? "comes" : "come"} before ${ingress.name}, ${verb} ${paths} too, and the same controller serves both`;
    case "one-address":
      return `${names} ${verb} ${paths} as ${ingress.name} does, at the same address`;
    case "elsewhere":
      return `${names} ${verb} ${paths} as ${ingress.name} does, at another address: DNS decides which of them gets the requests`;
  }
}

function fixText(how: ContestedClaim["how"], { name }: Ingress): string {
  return how === "elsewhere"
    ? `Take one of the two away once the host has moved, or give ${name} a host of its own`
    : `Give ${name} a host or path of its own, or put both into one Ingress`;
}
