/** The panels of what lets traffic in: Ingress, Gateway, routes. */
import type { BackendFact, Facts } from "#lib/engine/facts.ts";
import { backendHealth } from "#lib/graph/entry-words.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";
import type { PanelParts } from "./object-panel.ts";
import { related } from "./related.ts";

const gone: PanelParts = { health: "unknown", sentence: "Not read", facts: [], related: [] };

export function ingressParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.ingresses.get(id);
  if (found === undefined) return gone;
  const { ingress, backends } = found;
  const addresses = (ingress.loadBalancer ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      { label: "hosts", value: found.hosts.join(", ") || "any", mono: true },
      classFact(found.class),
      ...ingress.tls.map(
        (tls): FactView => ({
          label: "TLS",
          value: `${tls.secretName ?? "the controller's default certificate"} for ${tls.hosts.join(", ") || "every host"}`,
        }),
      ),
      {
        label: "addresses",
        value: ingress.loadBalancer === undefined ? "no status" : addresses.join(", ") || "none yet",
        mono: true,
      },
    ],
    related: [
      ...(found.class.state === "found" ? [related(found.class.class.id, "its class")] : []),
      ...backendRows(backends),
    ],
  };
}

function classFact(found: NonNullable<ReturnType<Facts["ingresses"]["get"]>>["class"]): FactView {
  switch (found.state) {
    case "found":
      return { label: "class", value: `${found.class.name}${found.byDefault ? " (the default)" : ""}` };
    case "missing":
      return { label: "class", value: `${found.name}: there is no such IngressClass`, tone: "broken" };
    case "no-default":
      return { label: "class", value: "none named, and no class is the default", tone: "broken" };
    case "several-defaults":
      return {
        label: "class",
        value: `none named, and several are the default: ${found.names.join(", ")}`,
        tone: "broken",
      };
    case "unknown":
      return { label: "class", value: found.why, tone: "unknown" };
  }
}

export function gatewayParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.gateways.get(id);
  if (found === undefined) return gone;
  const { gateway } = found;
  const routes = [...facts.routes.values()].flatMap(({ route, attachments }) =>
    attachments
      .filter((attachment) => attachment.parent === id)
      .map((attachment) =>
        related(
          route.id,
          attachment.state === "attached"
            ? `attached to ${attachment.listeners.join(", ") || "it"}`
            : (attachment.reason ?? attachment.state),
          {
            health:
              attachment.state === "attached" ? "ok" : attachment.state === "unknown" ? "unknown" : "broken",
            note: attachment.state === "attached" ? undefined : attachment.sentence,
          },
        ),
      ),
  );
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      { label: "class", value: gateway.className },
      {
        label: "addresses",
        value:
          gateway.addresses === undefined
            ? "no status"
            : gateway.addresses.map((a) => a.value).join(", ") || "none",
        mono: true,
      },
      ...gateway.listeners.map(
        (l): FactView => ({
          label: `listener ${l.name}`,
          value: `${l.protocol} ${l.port}, ${l.hostname ?? "any host"}, routes from ${l.allowedNamespaces.from === "Selector" ? "selected namespaces" : l.allowedNamespaces.from.toLowerCase()}`,
        }),
      ),
    ],
    related: [...(found.class === undefined ? [] : [related(found.class.id, "its class")]), ...routes],
    conditions: [
      ...gateway.conditions,
      ...gateway.listeners.flatMap((l) => l.conditions.map((c) => ({ ...c, type: `${l.name}: ${c.type}` }))),
    ],
  };
}

export function routeParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.routes.get(id);
  if (found === undefined) return gone;
  const { route, attachments, backends } = found;
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      { label: "hosts", value: route.hostnames.join(", ") || "any", mono: true },
      ...attachments.map(
        (a): FactView => ({
          label: a.path,
          value: a.nearMiss === undefined ? a.sentence : `${a.sentence}. ${a.nearMiss}`,
          tone: a.state === "attached" ? "ok" : a.state === "unknown" ? "unknown" : "broken",
        }),
      ),
    ],
    related: [
      ...attachments.map((a) =>
        related(a.parent, a.state === "attached" ? "admits it" : (a.reason ?? a.state), {
          health: a.state === "attached" ? "ok" : a.state === "unknown" ? "unknown" : "broken",
        }),
      ),
      ...backendRows(backends),
    ],
    conditions: (route.parents ?? []).flatMap((p) =>
      p.conditions.map((c) => ({ ...c, type: `${p.parentRef.namespace}/${p.parentRef.name}: ${c.type}` })),
    ),
  };
}

function backendRows(backends: readonly BackendFact[]): RelatedView[] {
  return backends.flatMap((backend) => {
    if (backend.service === undefined) return [];
    const health = backendHealth(backend.state);
    const note =
      backend.state === "ok"
        ? undefined
        : [backend.sentence, backend.nearMiss].filter((x) => x !== undefined).join(". ");
    return [
      related(backend.service, `${backend.host ?? ""}${backend.match} → port ${backend.servicePort ?? "?"}`, {
        health,
        note,
      }),
    ];
  });
}
