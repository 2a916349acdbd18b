/** Where TLS is ended with a certificate of a Secret, and what became of each of those Secrets. */

import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type {
  Condition,
  Gateway,
  Ingress,
  Listener,
  ListenerSet,
  Secret,
  SecretMaker,
} from "#lib/model/objects.ts";
import { type Snapshot, secretMakerPlurals, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import type { IngressFacts, RouteFacts } from "../facts.ts";
import { hostnamesIntersect } from "../hostname.ts";
import { editDistance, nearestOf } from "../near-words.ts";
import { listedUpTo } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import { type CrossReference, referenceGranted } from "../reference-grant.ts";

/** An entry of an Ingress's `spec.tls`, or a listener that ends TLS. */
export interface TlsEntry {
  readonly user: Ingress | Gateway | ListenerSet;
  /** Field path: `spec.tls[0]`, `spec.listeners[1]`. */
  readonly path: string;
  /** Of a Gateway or ListenerSet. */
  readonly listener?: Listener | undefined;
  /** Names that clients ask for here, as far as they are known; a wildcard where anything below it may be asked for. */
  readonly hosts: readonly string[];
  /** The listener's own hostname, where it is a wildcard of which only some names may ever be asked for. */
  readonly within?: string | undefined;
  /** A listener may have several certificates and chooses among them by name. */
  readonly refs: readonly TlsRef[];
}

/** A reference to a Secret. */
export interface TlsRef {
  /** Field path: `spec.tls[0].secretName`, `spec.listeners[1].tls.certificateRefs[0]`. */
  readonly path: string;
  /** Whether or not there is such a Secret. */
  readonly id: ObjectId;
  readonly namespace: string;
  readonly name: string;
  readonly secret: Secret | undefined;
  /** `made`: not in these manifests, but something in them makes it. */
  readonly standing: "found" | "missing" | "made" | "unknown";
  /** Whether a ReferenceGrant lets a Gateway take it from another namespace; within its own none is needed. */
  readonly permitted: "yes" | "no" | "unknown";
  /** What has a controller make it. */
  readonly makers: readonly SecretMaker[];
  /** "there is a Secret shop-tls in namespace shop". */
  readonly nearMiss?: { readonly name: string | undefined; readonly sentence: string } | undefined;
}

/** What is asked of an Ingress and of a route: not how their backends are, which changes all the time. */
export type TlsIngress = Pick<IngressFacts, "ingress" | "class">;
export type TlsRoute = Pick<RouteFacts, "route" | "attachments">;

export function tlsEntries(
  snapshot: Snapshot,
  index: ClusterIndex,
  ingresses: Iterable<TlsIngress>,
  routes: Iterable<TlsRoute>,
): readonly TlsEntry[] {
  const look = lookup(snapshot, index);
  const hostsOn = hostsByListener(routes);
  const listening = [...seen(snapshot, "gateways"), ...seen(snapshot, "listenerSets")];
  return [
    ...[...ingresses].flatMap((facts) => ingressEntries(facts, look)),
    ...listening.flatMap((user) => listenerEntries(user, look, hostsOn)),
  ];
}

/** Of what a Secret is used for: each Secret once, with the entries that refer to it. */
export interface SecretInUse {
  readonly ref: TlsRef;
  readonly users: readonly TlsEntry[];
}

export function secretsInUse(entries: readonly TlsEntry[]): readonly SecretInUse[] {
  const bySecret = new Map<ObjectId, { ref: TlsRef; users: TlsEntry[] }>();
  for (const entry of entries) {
    for (const ref of entry.refs) {
      const known = bySecret.get(ref.id);
      if (known === undefined) bySecret.set(ref.id, { ref, users: [entry] });
      else if (!known.users.includes(entry)) known.users.push(entry);
    }
  }
  return [...bySecret.values()];
}

function ingressEntries({ ingress, class: found }: TlsIngress, look: Lookup): readonly TlsEntry[] {
  if (takesNoSecrets(ingress, found)) return [];
  const named = new Set(ingress.tls.flatMap(({ hosts }) => hosts));
  const unnamed = [...new Set(ingress.rules.flatMap(({ host }) => host ?? []))].filter(
    (host) => !named.has(host),
  );
  return ingress.tls.flatMap(({ hosts, secretName }, i): readonly TlsEntry[] => {
    // Without a name the controller's own certificate is used.
    if (secretName === undefined) return [];
    const path = `spec.tls[${i}]`;
    const { namespace } = ingress;
    const ref = look(ingress, `${path}.secretName`, namespace, secretName);
    // "Defaults to the wildcard host setting for the loadbalancer controller" (IngressTLS.hosts): it is for the rules.
    const asked = (hosts.length === 0 ? unnamed : hosts).filter((host) => host !== "" && host !== "*");
    return [{ user: ingress, path, hosts: [...new Set(asked)], refs: [{ ...ref, permitted: "yes" }] }];
  });
}

/**
 * The AWS load balancer takes its certificates from elsewhere, and one that passes TLS through needs none. Where the
 * class was not read, its usual name tells.
 */
function takesNoSecrets({ className = "", annotations }: Ingress, found: IngressFacts["class"]): boolean {
  const controller = found.state === "found" ? found.class.controller : "";
  return (
    controller === "ingress.k8s.aws/alb" ||
    /(^|-)alb(-|$)/.test(className) ||
    annotations["nginx.ingress.kubernetes.io/ssl-passthrough"] === "true"
  );
}

function listenerEntries(
  user: Gateway | ListenerSet,
  look: Lookup,
  hostsOn: ReadonlyMap<string, readonly string[]>,
): readonly TlsEntry[] {
  return user.listeners.flatMap((listener, i): readonly TlsEntry[] => {
    const { tls, protocol, hostname } = listener;
    if (tls === undefined || tls.mode === "Passthrough" || (protocol !== "HTTPS" && protocol !== "TLS"))
      return [];
    const path = `spec.listeners[${i}]`;
    const refs = tls.certificateRefs.flatMap(({ namespace = user.namespace, name, otherKind }, j) => {
      if (otherKind !== undefined) return [];
      const ref = look(user, `${path}.tls.certificateRefs[${j}]`, namespace, name);
      return [{ ...ref, permitted: permission(user, listener, ref, look.snapshot) }];
    });
    // A certificate of another kind may be for any name.
    if (refs.length === 0 || refs.length < tls.certificateRefs.length) return [];
    const isWildcard = hostname === undefined || hostname.startsWith("*.");
    const asked = isWildcard
      ? askedBelow(hostname, hostsOn.get(`${user.id} ${listener.name}`) ?? [])
      : [hostname];
    const within = isWildcard ? hostname : undefined;
    return [{ user, path, listener, hosts: [...new Set(asked)].sort(), within, refs }];
  });
}

/** The narrower of two hostnames that join. A route without any takes the listener's. */
function askedBelow(hostname: string | undefined, routes: readonly string[]): readonly string[] {
  return routes.flatMap((host) => {
    if (host === "") return hostname ?? [];
    if (hostname === undefined) return host;
    if (!hostnamesIntersect(hostname, host)) return [];
    return host.length >= hostname.length ? host : hostname;
  });
}

/** Hostnames of the routes that a listener admits, by its owner's id and its name; "" for a route without any. */
function hostsByListener(routes: Iterable<TlsRoute>): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const { route, attachments } of routes) {
    if (route.kind === "tcp-route" || route.kind === "udp-route") continue;
    for (const { parent, state, listeners } of attachments) {
      if (state !== "attached") continue;
      for (const listener of listeners) {
        const key = `${parent} ${listener}`;
        const known = hosts.get(key) ?? [];
        known.push(...(route.hostnames.length === 0 ? [""] : route.hostnames));
        hosts.set(key, known);
      }
    }
  }
  return hosts;
}

function permission(
  user: Gateway | ListenerSet,
  { conditions, tls }: Listener,
  ref: Omit<TlsRef, "permitted">,
  snapshot: Snapshot,
): TlsRef["permitted"] {
  if (ref.namespace === user.namespace) return "yes";
  const reference: CrossReference = {
    fromKind: kinds[user.kind].api,
    fromNamespace: user.namespace,
    toKind: "Secret",
    toNamespace: ref.namespace,
    toName: ref.name,
  };
  if (referenceGranted(seen(snapshot, "referenceGrants"), reference)) return "yes";
  // The grant belongs to the owner of the Secret; where their files are not here, it may be among those.
  const ownersFiles = snapshot.origin !== "manifests" || ref.standing === "found" || ref.standing === "made";
  if (readInFull(snapshot, "referenceGrants") && ownersFiles) return "no";
  const resolved = conditions.find(({ type }) => type === "ResolvedRefs");
  if (resolved?.status === "True") return "yes";
  const isOnly = tls?.certificateRefs.length === 1;
  return resolved?.reason === "RefNotPermitted" && isOnly ? "no" : "unknown";
}

interface Lookup {
  (user: TlsEntry["user"], path: string, namespace: string, name: string): Omit<TlsRef, "permitted">;
  readonly snapshot: Snapshot;
}

/** Looks Secrets up by name, with what makes them and what is called nearly the same. */
function lookup(snapshot: Snapshot, index: ClusterIndex): Lookup {
  const makers = Map.groupBy(
    secretMakerPlurals.flatMap((plural) => seen(snapshot, plural)),
    ({ namespace, secretName }) => objectId("secret", namespace, secretName),
  );
  const names = new Map<string, Set<string>>();
  const note = (namespace: string, name: string) =>
    names.set(namespace, (names.get(namespace) ?? new Set()).add(name));
  for (const { namespace, name } of seen(snapshot, "secrets")) note(namespace, name);
  for (const list of makers.values())
    for (const { namespace, secretName } of list) note(namespace, secretName);

  const look = (user: TlsEntry["user"], path: string, namespace: string, name: string) => {
    const id = objectId("secret", namespace, name);
    const object = index.byId.get(id);
    const secret = object?.kind === "secret" ? object : undefined;
    const made = makers.get(id) ?? [];
    const here = { path, id, namespace, name, secret, makers: made };
    if (secret !== undefined) return { ...here, standing: "found" } as const;
    const { origin } = snapshot;
    if (origin === "manifests" && (made.length > 0 || issues(user)))
      return { ...here, standing: "made" } as const;
    if (!readInFull(snapshot, "secrets")) return { ...here, standing: "unknown" } as const;
    const others = names.get(namespace) ?? [];
    if (origin === "manifests") {
      // Secrets are what repositories hold least of all; only a slip of the hand tells that one of these was meant.
      const slip = [...others].sort().find((other) => isSlip(name, other));
      if (slip === undefined) return { ...here, standing: "unknown" } as const;
      return { ...here, standing: "missing", nearMiss: nearHere(slip, namespace) } as const;
    }
    return { ...here, standing: "missing", nearMiss: nearMissOf(namespace, name, names) } as const;
  };
  return Object.assign(look, { snapshot });
}

function isSlip(wanted: string, other: string): boolean {
  const distance = editDistance(wanted, other);
  return distance !== undefined && distance * 3 < wanted.length;
}

function nearMissOf(
  namespace: string,
  name: string,
  names: ReadonlyMap<string, ReadonlySet<string>>,
): TlsRef["nearMiss"] {
  const nearest = nearestOf(name, names.get(namespace) ?? []);
  if (nearest !== undefined) return nearHere(nearest, namespace);
  const elsewhere = [...names].flatMap(([other, here]) => (here.has(name) ? [other] : [])).sort();
  if (elsewhere.length === 0) return undefined;
  const where = `${elsewhere.length === 1 ? "namespace" : "namespaces"} ${listedUpTo(elsewhere, 3)}`;
  return { name: undefined, sentence: `there is a Secret ${name} in ${where}` };
}

function nearHere(name: string, namespace: string): TlsRef["nearMiss"] {
  return { name, sentence: `there is a Secret ${name} in ${namespace}` };
}

/** With these, cert-manager makes the Secret of each entry (its documentation, "Annotated Ingress resource"). */
function issues({ annotations }: TlsEntry["user"]): boolean {
  return (
    annotations["cert-manager.io/issuer"] !== undefined ||
    annotations["cert-manager.io/cluster-issuer"] !== undefined ||
    annotations["kubernetes.io/tls-acme"] === "true"
  );
}

/** Why something does not make its Secret, or does not renew it: the condition that its controller set. */
export function makersFault({ conditions, kind }: SecretMaker): Condition | undefined {
  const type = kind === "sealed-secret" ? "Synced" : "Ready";
  return conditions.find((condition) => condition.type === type && condition.status === "False");
}
