/** The panels of what lets traffic in: Ingress, Gateway, routes, and what these lean on. */
import type { AttachmentFact, BackendFact, Facts, IngressFacts } from "#lib/engine/facts.ts";
import { counted, listed, objectInWords } from "#lib/engine/object-words.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import { backendHealth } from "#lib/graph/entry-words.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { Health } from "#lib/model/graph.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { kindFromApi } from "#lib/model/kinds.ts";
import type {
  Gateway,
  GatewayClass,
  IngressClass,
  Listener,
  ListenerSet,
  ReferenceGrant,
} from "#lib/model/objects.ts";
import { isRead, seen } from "#lib/model/snapshot.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";
import { certificateFacts, certificateRows } from "./certificate-facts.ts";
import { gone, type PanelParts } from "./panel-parts.ts";
import { related } from "./related.ts";

export function ingressParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.ingresses.get(id);
  if (found === undefined) return gone;
  const { ingress, backends } = found;
  const addresses = (ingress.loadBalancer ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      { label: "hosts", value: hostsInWords(found.hosts), mono: true },
      classFact(found.class),
      ...ingress.tls.map(
        (tls): FactView => ({
          label: "TLS",
          value: `${tls.secretName ?? "the controller's default certificate"} for ${tls.hosts.join(", ") || "every host"}`,
        }),
      ),
      ...certificateFacts(facts, id),
      {
        label: "addresses",
        value: ingress.loadBalancer === undefined ? "no status" : addresses.join(", ") || "none yet",
        mono: true,
      },
    ],
    related: [
      ...(found.class.state === "found" ? [related(found.class.class.id, "its class")] : []),
      ...backendRows(backends),
      ...certificateRows(facts, id),
    ],
  };
}

function hostsInWords(hosts: readonly string[]): string {
  return hosts.map((host) => (host === "*" ? "any" : host)).join(", ") || "any";
}

/** The class that an Ingress has, or what is wrong with that: then with a tone. */
export function classFact(found: IngressFacts["class"]): FactView {
  switch (found.state) {
    case "found":
      return { label: "class", value: `${found.class.name}${found.byDefault ? " (the default)" : ""}` };
    case "missing":
      return { label: "class", value: `${found.name}: there is no such IngressClass`, tone: "broken" };
    case "none-needed":
      return { label: "class", value: `none named; ${objectInWords(found.taker)} takes such Ingresses` };
    case "no-default":
      return { label: "class", value: "none named, and no class is the default", tone: "partial" };
    case "several-defaults":
      return {
        label: "class",
        value: `none named, and several are the default: ${found.names.join(", ")}`,
        tone: "partial",
      };
    case "unknown":
      return { label: "class", value: found.why, tone: "unknown" };
    default:
      return assertNever(found);
  }
}

export function gatewayParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.gateways.get(id);
  if (found === undefined) return gone;
  const { gateway } = found;
  const sets = seen(facts.snapshot, "listenerSets").filter(
    ({ parent }) => parent.namespace === gateway.namespace && parent.name === gateway.name,
  );
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      gatewayClassFact(facts, gateway, found.class),
      {
        label: "addresses",
        value:
          gateway.addresses === undefined
            ? "no status"
            : gateway.addresses.map(({ value }) => value).join(", ") || "none",
        mono: true,
      },
      ...gateway.listeners.map(listenerFact),
      ...certificateFacts(facts, id),
    ],
    related: [
      ...(found.class === undefined ? [] : [related(found.class.id, "its class")]),
      ...sets.map((set) => related(set.id, `adds ${counted(set.listeners.length, "listener")}`)),
      ...[id, ...sets.map((set) => set.id)].flatMap((parent) => routeRows(facts, parent)),
      ...certificateRows(facts, id),
    ],
    conditions: [...gateway.conditions, ...gateway.listeners.flatMap(listenerConditions)],
  };
}

function gatewayClassFact(facts: Facts, { className }: Gateway, found: GatewayClass | undefined): FactView {
  const isMissing = found === undefined && readInFull(facts.snapshot, "gatewayClasses");
  return isMissing && facts.snapshot.origin !== "manifests"
    ? { label: "class", value: `${className}: there is no such GatewayClass`, tone: "broken" }
    : { label: "class", value: className };
}

function listenerFact({ name, protocol, port, hostname, allowedNamespaces }: Listener): FactView {
  const from =
    allowedNamespaces.from === "Selector" ? "selected namespaces" : allowedNamespaces.from.toLowerCase();
  return {
    label: `listener ${name}`,
    value: `${protocol} ${port}, ${hostname ?? "any host"}, routes from ${from === "same" ? "its own namespace" : from === "all" ? "every namespace" : from === "none" ? "nowhere" : from}`,
  };
}

function listenerConditions({ name, conditions }: Listener): PanelParts["conditions"] & object {
  return conditions.map((condition) => ({ ...condition, type: `${name}: ${condition.type}` }));
}

/** Routes that name this Gateway or ListenerSet as a parent. */
function routeRows(facts: Facts, parent: ObjectId): RelatedView[] {
  return [...facts.routes.values()].flatMap(({ route, attachments }) =>
    attachments
      .filter((attachment) => attachment.parent === parent)
      .map((attachment) =>
        related(
          route.id,
          attachment.state === "attached"
            ? `attached${attachment.listeners.length === 0 ? "" : ` to ${listed(attachment.listeners)}`}`
            : attachmentWords(attachment),
          {
            health: attachmentHealth(attachment.state),
            note: attachment.state === "attached" ? undefined : attachment.sentence,
          },
        ),
      ),
  );
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
        ({ path, state, sentence, nearMiss }): FactView => ({
          label: path,
          value: nearMiss === undefined ? sentence : `${sentence}. ${nearMiss}`,
          tone: attachmentTone(state),
        }),
      ),
    ],
    related: [
      ...attachments.flatMap((attachment) =>
        attachment.parent === undefined
          ? []
          : related(
              attachment.parent,
              attachment.state === "attached" ? "admits it" : attachmentWords(attachment),
              {
                health: attachmentHealth(attachment.state),
              },
            ),
      ),
      ...backendRows(backends),
    ],
    conditions: (route.parents ?? []).flatMap(({ parentRef, conditions }) => {
      const section = parentRef.sectionName === undefined ? "" : `/${parentRef.sectionName}`;
      const parent = `${parentRef.namespace}/${parentRef.name}${section}`;
      return conditions.map((condition) => ({ ...condition, type: `${parent}: ${condition.type}` }));
    }),
  };
}

function attachmentWords({ state, reason }: AttachmentFact): string {
  if (state === "parent-missing") return "named as its parent, does not exist";
  if (state === "unknown") return "named as its parent; whether it is attached is not known";
  return reason === undefined ? "not attached" : `not attached: ${reason}`;
}

function attachmentTone(state: AttachmentFact["state"]): "ok" | "broken" | "unknown" {
  if (state === "attached") return "ok";
  return state === "unknown" ? "unknown" : "broken";
}

function attachmentHealth(state: AttachmentFact["state"]): Health {
  return attachmentTone(state);
}

function backendRows(backends: readonly BackendFact[]): RelatedView[] {
  return backends.flatMap((backend) => {
    if (backend.service === undefined) return [];
    const note =
      backend.state === "ok"
        ? undefined
        : [backend.sentence, backend.nearMiss].filter((part) => part !== undefined).join(". ");
    const where = [backend.host, backend.match].filter((part) => part !== undefined);
    const way = backend.match.startsWith("/") ? where.join("") : where.join(" ");
    return [
      related(backend.service, `${way} → port ${backend.servicePort ?? "?"}`, {
        health: backendHealth(backend.state),
        note,
      }),
    ];
  });
}

export function ingressClassParts(facts: Facts, { id, controller, isDefault }: IngressClass): PanelParts {
  const users = [...facts.ingresses.values()].filter(
    (user) => user.class.state === "found" && user.class.class.id === id,
  );
  const read = isRead(facts.snapshot, "ingresses");
  return {
    health: "ok",
    sentence: read
      ? `${counted(users.length, "Ingress", "Ingresses")} ${users.length === 1 ? "uses" : "use"} it`
      : "Ingresses could not be read, so which use it is not known",
    facts: [
      { label: "controller", value: controller, mono: true },
      { label: "default", value: isDefault ? "yes" : "no" },
    ],
    related: users.map(({ ingress, health }) => related(ingress.id, "of this class", { health })),
  };
}

export function gatewayClassParts(
  facts: Facts,
  { id, controllerName, conditions }: GatewayClass,
): PanelParts {
  const users = [...facts.gateways.values()].filter((user) => user.class?.id === id);
  const accepted = conditions.find((condition) => condition.type === "Accepted");
  // The API server itself puts Accepted: Unknown there until a controller says more.
  const said = accepted === undefined || accepted.status === "Unknown" ? undefined : accepted;
  const verdict: Pick<PanelParts, "health" | "sentence"> =
    said === undefined
      ? { health: "unknown", sentence: "No controller has reported on it" }
      : said.status === "True"
        ? { health: "ok", sentence: "Accepted by its controller" }
        : {
            health: "broken",
            sentence: ["Not accepted", said.reason, said.message].filter(Boolean).join(": "),
          };
  return {
    ...verdict,
    facts: [{ label: "controller", value: controllerName, mono: true }],
    related: users.map(({ gateway, health }) => related(gateway.id, "of this class", { health })),
    conditions,
  };
}

export function listenerSetParts(facts: Facts, set: ListenerSet): PanelParts {
  const { namespace, name } = set.parent;
  const gateway = objectId("gateway", namespace, name);
  const found = facts.gateways.get(gateway);
  const what = `${counted(set.listeners.length, "listener")} for Gateway ${namespace}/${name}`;
  const refused = set.conditions.find(
    ({ type, status }) => (type === "Accepted" || type === "Programmed") && status === "False",
  );
  return {
    ...listenerSetVerdict(
      what,
      found !== undefined,
      readInFull(facts.snapshot, "gateways") && facts.snapshot.origin !== "manifests",
      refused?.reason ?? refused?.type,
    ),
    facts: [...set.listeners.map(listenerFact), ...certificateFacts(facts, set.id)],
    related: [
      ...(found === undefined ? [] : [related(gateway, "its Gateway", { health: found.health })]),
      ...routeRows(facts, set.id),
      ...certificateRows(facts, set.id),
    ],
    conditions: [...set.conditions, ...set.listeners.flatMap(listenerConditions)],
  };
}

function listenerSetVerdict(
  what: string,
  hasGateway: boolean,
  gatewaysRead: boolean,
  refused: string | undefined,
): Pick<PanelParts, "health" | "sentence"> {
  if (!hasGateway) {
    return gatewaysRead
      ? { health: "broken", sentence: `${what}, which does not exist` }
      : { health: "unknown", sentence: `${what}, which is not among what could be read` };
  }
  return refused === undefined
    ? { health: "ok", sentence: what }
    : { health: "broken", sentence: `${what}, which does not take them: ${refused}` };
}

export function referenceGrantParts(facts: Facts, grant: ReferenceGrant): PanelParts {
  const from = grant.from.map(({ apiKind, namespace }) => `${apiKind} of ${namespace}`);
  const to = grant.to.map(({ apiKind, name }) =>
    name === undefined ? `every ${apiKind}` : `${apiKind} ${name}`,
  );
  return {
    health: "ok",
    sentence: `Lets ${listed(from)} refer to ${listed(to)} of ${grant.namespace}`,
    facts: [],
    related: grant.to.flatMap(({ group, apiKind, name }) => {
      const kind = name === undefined ? undefined : kindFromApi(group, apiKind);
      if (name === undefined || kind === undefined) return [];
      const id = objectId(kind, grant.namespace, name);
      return facts.index.byId.has(id) ? [related(id, "may be referred to")] : [];
    }),
  };
}
