/** What sends traffic to a Service from outside, and what fails with it. */
import type { BackendFact, Facts, IngressFacts, RouteFacts, ServiceFacts } from "#lib/engine/facts.ts";
import { listed } from "#lib/engine/object-words.ts";
import { backendHealth } from "#lib/graph/entry-words.ts";
import { weightOf } from "#lib/graph/health.ts";
import type { Health } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { RelatedView } from "#lib/protocol/panel.ts";
import { classFact } from "./entry-parts.ts";
import { related } from "./related.ts";

/** Every way in: the load balancer or node port, Ingresses, routes; a row for each rule that leads here. */
export function comesInto(facts: Facts, found: ServiceFacts): RelatedView[] {
  const { id } = found.service;
  return [
    ...fromOutside(found),
    ...[...facts.ingresses.values()].flatMap((ingress) => ingressRows(ingress, id)),
    ...[...facts.routes.values()].flatMap((route) => routeRows(route, id)),
  ];
}

function fromOutside({ service, loadBalancer }: ServiceFacts): RelatedView[] {
  if (service.type !== "LoadBalancer" && service.type !== "NodePort") return [];
  const nodePorts = service.ports.flatMap(({ nodePort }) => nodePort ?? []);
  const isPending = loadBalancer?.addresses.length === 0;
  const relation =
    service.type === "NodePort"
      ? `node port ${nodePorts.length === 0 ? "not assigned yet" : listed(nodePorts.map(String))}`
      : `load balancer${isPending ? " without an address" : loadBalancer === undefined ? "" : ` ${listed(loadBalancer.addresses)}`}`;
  return [
    {
      id: "internet",
      kind: "internet",
      name: "internet",
      relation,
      health: isPending ? "broken" : "ok",
      note: loadBalancer?.pendingWhy,
    },
  ];
}

function ingressRows({ ingress, backends, class: found }: IngressFacts, id: ObjectId): RelatedView[] {
  const { tone, value } = classFact(found);
  const classNote = tone === undefined || tone === "unknown" ? undefined : `class ${value}`;
  return leadingTo(backends, id).map((backend) => {
    const health = worse(backendHealth(backend.state), tone === "broken" || tone === "partial" ? tone : "ok");
    return related(ingress.id, `Ingress · ${whereOf(backend)} → port ${backend.servicePort ?? "?"}`, {
      health,
      note: notes(classNote, noteOf(backend)),
    });
  });
}

function routeRows({ route, attachments, backends }: RouteFacts, id: ObjectId): RelatedView[] {
  const lost = attachments.filter(({ state }) => state === "rejected" || state === "parent-missing");
  const [first] = lost;
  const attached: Health =
    first === undefined ? "ok" : lost.length === attachments.length ? "broken" : "partial";
  const hosts = route.hostnames.join(", ") || "any host";
  return leadingTo(backends, id).map((backend) =>
    related(route.id, `${kinds[route.kind].api} · ${hosts} ${backend.match}`, {
      health: worse(backendHealth(backend.state), attached),
      note: notes(first?.sentence, noteOf(backend)),
    }),
  );
}

function leadingTo(backends: readonly BackendFact[], id: ObjectId): readonly BackendFact[] {
  return backends.filter(({ service }) => service === id);
}

/** "shop.example.com/cart", "any host, everything else". */
function whereOf({ host = "any host", match }: BackendFact): string {
  return match.startsWith("/") ? `${host}${match}` : `${host}, ${match}`;
}

function noteOf({ state, sentence }: BackendFact): string | undefined {
  return state === "ok" ? undefined : sentence;
}

function notes(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.filter((part) => part !== undefined).join("; ") || undefined;
}

function worse(a: Health, b: Health): Health {
  return weightOf(a) <= weightOf(b) ? a : b;
}

/** What sends traffic to this Service and therefore fails with it, each once, with the worst of its rules. */
export function breaksWith(facts: Facts, id: ObjectId): RelatedView[] {
  return [
    ...[...facts.ingresses.values()].flatMap(({ ingress, backends }) =>
      failing(ingress.id, backends, id, whereOf),
    ),
    ...[...facts.routes.values()].flatMap(({ route, backends }) =>
      failing(route.id, backends, id, ({ match }) => `${route.hostnames.join(", ") || "any host"} ${match}`),
    ),
  ];
}

function failing(
  entry: ObjectId,
  backends: readonly BackendFact[],
  id: ObjectId,
  words: (backend: BackendFact) => string,
): RelatedView[] {
  const mine = leadingTo(backends, id);
  const worst =
    mine.find(({ state }) => state === "no-endpoints") ??
    mine.find(({ state }) => state === "some-endpoints");
  if (worst === undefined) return [];
  const health = worst.state === "no-endpoints" ? "broken" : "partial";
  return [related(entry, words(worst), { health, note: worst.sentence })];
}
