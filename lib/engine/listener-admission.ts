import { kinds } from "#lib/model/kinds.ts";
import type { AllowedNamespaces, Listener, Namespace, ParentRef, Route } from "#lib/model/objects.ts";
import { hostnamesIntersect } from "./hostname.ts";
import { nearestOf } from "./near-words.ts";
import { listedUpTo } from "./object-words.ts";
import { selectorInWords, selectorMatches } from "./selector.ts";

/** A Gateway's or ListenerSet's listeners, as far as attachment asks about them. */
export interface ListenerOwner {
  /** "Gateway edge/public". */
  readonly words: string;
  readonly namespace: string;
  readonly listeners: readonly Listener[];
}

/** What the configuration alone says about one parentRef, in the Gateway API's standard reasons. */
export type Admission =
  | { readonly kind: "admitted"; readonly listeners: readonly string[] }
  | { readonly kind: "refused"; readonly reason: string; readonly why: string; readonly nearMiss: string }
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Which listeners admit a route, in the order that the specification gives: those that the parentRef names (section,
 * port), of those the ones whose allowedRoutes admit its namespace and kind, of those the ones that share a hostname.
 * `namespace`: the route's own; undefined when it was not read.
 */
export function admit(
  route: Route,
  ref: ParentRef,
  owner: ListenerOwner,
  namespace: Namespace | undefined,
): Admission {
  const named = owner.listeners.filter((listener) => isNamed(listener, ref));
  if (named.length === 0) {
    const why = `${owner.words} has no listener ${namedInWords(ref)}`;
    return { kind: "refused", reason: "NoMatchingParent", why, nearMiss: listenersInWords(ref, owner) };
  }
  const asked = named.map((listener) => ({ listener, allows: allows(listener, route, owner, namespace) }));
  const allowed = asked.filter(({ allows }) => allows === true).map(({ listener }) => listener);
  const matching = allowed.filter((listener) => sharesHostname(listener, route));
  if (matching.length > 0)
    return { kind: "admitted", listeners: matching.map((listener) => listener.name).sort() };
  const open = asked.find(({ listener, allows }) => allows === "unknown" && sharesHostname(listener, route));
  if (open !== undefined) return { kind: "unknown", why: unknownWhy(open.listener, route) };
  if (allowed.length === 0) {
    const why = `no listener of ${owner.words} allows it`;
    return {
      kind: "refused",
      reason: "NotAllowedByListeners",
      why,
      nearMiss: refusalInWords(named, route, owner, namespace),
    };
  }
  const why = `no listener of ${owner.words} shares a hostname with it`;
  return {
    kind: "refused",
    reason: "NoMatchingListenerHostname",
    why,
    nearMiss: hostnamesInWords(allowed, route),
  };
}

function isNamed(listener: Listener, ref: ParentRef): boolean {
  return (
    (ref.sectionName === undefined || listener.name === ref.sectionName) &&
    (ref.port === undefined || listener.port === ref.port)
  );
}

type Allows = boolean | "unknown";

function allows(
  listener: Listener,
  route: Route,
  owner: ListenerOwner,
  namespace: Namespace | undefined,
): Allows {
  const kind = allowsKind(listener, route);
  const from = allowsNamespace(listener.allowedNamespaces, route.namespace, owner, namespace);
  if (kind === false || from === false) return false;
  return kind === "unknown" || from === "unknown" ? "unknown" : true;
}

function allowsKind(listener: Listener, route: Route): Allows {
  const admitted = admittedKinds(listener);
  return admitted === undefined ? "unknown" : admitted.includes(kinds[route.kind].api);
}

/** Kinds named by the listener, else those that its protocol carries; undefined for a protocol that is not the standard's. */
function admittedKinds(listener: Listener): readonly string[] | undefined {
  if (listener.allowedKinds.length > 0) return listener.allowedKinds;
  switch (listener.protocol) {
    case "HTTP":
    case "HTTPS":
      return ["HTTPRoute", "GRPCRoute"];
    case "TLS":
      // Once TLS is terminated, what is left is a TCP stream.
      return listener.tls?.mode === "Passthrough" ? ["TLSRoute"] : ["TLSRoute", "TCPRoute"];
    case "TCP":
      return ["TCPRoute"];
    case "UDP":
      return ["UDPRoute"];
    default:
      return undefined;
  }
}

/** Whether something of a namespace is let in. `owner`: who lets it in; `namespace`: undefined where it was not read. */
export function allowsNamespace(
  allowed: AllowedNamespaces,
  name: string,
  owner: Pick<ListenerOwner, "namespace">,
  namespace: Namespace | undefined,
): Allows {
  switch (allowed.from) {
    case "All":
      return true;
    case "Same":
      return name === owner.namespace;
    case "None":
      return false;
    case "Selector":
      if (namespace === undefined) return "unknown";
      if (selectorMatches(allowed.selector, namespace.labels)) return true;
      // Only its name is known; whoever creates the namespace may label it.
      return namespace.implied === true ? "unknown" : false;
  }
}

/** TCP and UDP know no hostnames. */
function sharesHostname(listener: Listener, route: Route): boolean {
  const { hostname } = listener;
  if (hostname === undefined || hostname === "" || route.hostnames.length === 0) return true;
  if (route.kind === "tcp-route" || route.kind === "udp-route") return true;
  return route.hostnames.some((each) => hostnamesIntersect(hostname, each));
}

function namedInWords(ref: ParentRef): string {
  const section = ref.sectionName === undefined ? "" : ref.sectionName;
  const port = ref.port === undefined ? "" : `on port ${ref.port}`;
  return [section, port].filter((part) => part !== "").join(" ");
}

function listenersInWords(ref: ParentRef, { words, listeners }: ListenerOwner): string {
  if (listeners.length === 0) return `${words} has no listeners`;
  const names = listeners.map(({ name, port }) => `${name} (port ${port})`);
  const nearest =
    ref.sectionName === undefined
      ? undefined
      : nearestOf(
          ref.sectionName,
          listeners.map(({ name }) => name),
        );
  const closest = nearest === undefined || listeners.length === 1 ? "" : `; ${nearest} is the closest`;
  return `it has ${listeners.length === 1 ? "the listener" : "the listeners"} ${listedUpTo(names, 5)}${closest}`;
}

function refusalInWords(
  named: readonly Listener[],
  route: Route,
  owner: ListenerOwner,
  namespace: Namespace | undefined,
): string {
  return listedUpTo(
    named.map((listener) => {
      if (allowsNamespace(listener.allowedNamespaces, route.namespace, owner, namespace) === false)
        return namespacesInWords(listener, route, owner);
      return `listener ${listener.name} admits ${listedUpTo(admittedKinds(listener) ?? [], 5)}, not ${kinds[route.kind].api}`;
    }),
    2,
  );
}

function namespacesInWords(listener: Listener, route: Route, owner: ListenerOwner): string {
  const { allowedNamespaces, name } = listener;
  switch (allowedNamespaces.from) {
    case "Selector":
      return `listener ${name} admits namespaces labelled ${selectorInWords(allowedNamespaces.selector)}; ${route.namespace} is not`;
    case "Same":
      return `listener ${name} admits routes of its own namespace ${owner.namespace} only; this one is in ${route.namespace}`;
    case "None":
    case "All":
      return `listener ${name} admits no routes`;
  }
}

function hostnamesInWords(allowed: readonly Listener[], route: Route): string {
  const served = allowed.map((listener) => `listener ${listener.name} serves ${listener.hostname}`);
  return `${listedUpTo(served, 3)}; the route asks ${listedUpTo(route.hostnames, 3)}`;
}

function unknownWhy(listener: Listener, route: Route): string {
  return admittedKinds(listener) === undefined
    ? `listener ${listener.name} has the protocol ${listener.protocol}, which is not the standard's`
    : `listener ${listener.name} selects namespaces by label, and the labels of ${route.namespace} are not known`;
}
