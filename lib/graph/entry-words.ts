import type {
  AttachmentFact,
  BackendFact,
  BackendState,
  GatewayFacts,
  IngressFacts,
  RouteFacts,
} from "#lib/engine/facts.ts";
import { counted } from "#lib/engine/object-words.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { Health } from "#lib/model/graph.ts";
import { kinds } from "#lib/model/kinds.ts";

/** The host that people know an entry by, "+2" when there are more; the object's own name when it serves every host. */
export function hostName(hosts: readonly string[], objectName: string): string {
  const [first, ...rest] = new Set(hosts.filter((host) => host !== "" && host !== "*"));
  if (first === undefined) return objectName;
  return rest.length === 0 ? first : `${first} +${rest.length}`;
}

/** "Ingress shop · nginx · TLS"; when something is wrong, that instead: "Ingress · Service missing". */
export function ingressLine(facts: IngressFacts): string {
  const { ingress } = facts;
  const trouble = classTrouble(facts.class) ?? backendTrouble(facts.backends);
  if (trouble !== undefined) return `Ingress · ${trouble}`;
  const className = facts.class.state === "found" ? facts.class.class.name : ingress.className;
  return [titled("Ingress", ingress.name, facts.hosts), className, ingress.tls.length > 0 ? "TLS" : undefined]
    .filter(Boolean)
    .join(" · ");
}

function classTrouble(found: IngressFacts["class"]): string | undefined {
  switch (found.state) {
    case "found":
    case "none-needed":
    case "unknown":
      return undefined;
    case "missing":
      return `no class ${found.name}`;
    case "no-default":
      return "no class, no default";
    case "several-defaults":
      return "several default classes";
    default:
      return assertNever(found);
  }
}

/** "HTTPRoute checkout", "HTTPRoute · not attached". */
export function routeLine(facts: RouteFacts): string {
  const { route } = facts;
  const { api } = kinds[route.kind];
  const trouble = attachmentTrouble(facts.attachments) ?? backendTrouble(facts.backends);
  return trouble === undefined ? titled(api, route.name, route.hostnames) : `${api} · ${trouble}`;
}

function attachmentTrouble(attachments: readonly AttachmentFact[]): string | undefined {
  const lost = attachments.filter(
    (attachment) => attachment.state === "rejected" || attachment.state === "parent-missing",
  );
  if (lost.length === 0) return undefined;
  if (lost.length < attachments.length)
    return `attached to ${attachments.length - lost.length} of ${attachments.length}`;
  return lost.every((attachment) => attachment.state === "parent-missing")
    ? "no such Gateway"
    : "not attached";
}

/** The object's name is said here only when the card is headed by a host instead. */
function titled(kind: string, name: string, hosts: readonly string[]): string {
  return hostName(hosts, name) === name ? kind : `${kind} ${name}`;
}

/** "2 listeners · 198.51.100.20", "1 listener · no address". */
export function gatewayLine({ gateway, health }: GatewayFacts, listeners: number): string {
  const parts = [counted(listeners, "listener")];
  const address = gateway.addresses?.[0]?.value;
  const refused = gateway.conditions.find((condition) => condition.status === "False");
  if (health !== "ok" && refused !== undefined) parts.push(`not ${refused.type.toLowerCase()}`);
  else if (gateway.addresses?.length === 0) parts.push("no address");
  else if (address !== undefined) parts.push(address);
  return parts.join(" · ");
}

function backendTrouble(backends: readonly BackendFact[]): string | undefined {
  const troubled = backends.flatMap((backend) => {
    const words = stateWords(backend.state);
    return words === undefined ? [] : [words];
  });
  const [first] = troubled;
  if (first === undefined) return undefined;
  return troubled.length === backends.length ? first : `${troubled.length} of ${backends.length}: ${first}`;
}

function stateWords(state: BackendState): string | undefined {
  switch (state) {
    case "ok":
    case "some-endpoints":
    case "zero-weight":
    case "not-a-service":
      return undefined;
    case "service-missing":
      return "Service missing";
    case "port-missing":
      return "no such port";
    case "not-permitted":
      return "not permitted";
    case "no-endpoints":
      return "no ready endpoint";
    case "unknown":
      return "backend not read";
    default:
      return assertNever(state);
  }
}

/**
 * Whether a packet gets from the entry to the backend's Service. Some endpoints are enough for that: only ready ones
 * are sent to, and which are not shows between the Service and its workload. With none at all, the entry answers 503.
 */
export function backendHealth(state: BackendState): Health {
  switch (state) {
    case "ok":
    case "some-endpoints":
    case "not-a-service":
      return "ok";
    case "zero-weight":
      return "idle";
    case "service-missing":
    case "port-missing":
    case "not-permitted":
    case "no-endpoints":
      return "broken";
    case "unknown":
      return "unknown";
    default:
      return assertNever(state);
  }
}
