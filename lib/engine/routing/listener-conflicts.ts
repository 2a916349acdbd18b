import { normalHostname } from "../hostname.ts";
import type { EntryListener } from "./gateway-entries.ts";

export interface ListenerConflict {
  readonly listener: EntryListener;
  /** The one that was there before. */
  readonly other: EntryListener;
  /** The Gateway API's own reason (ListenerConditionReason). */
  readonly reason: "ProtocolConflict" | "HostnameConflict";
}

/**
 * Listeners of one Gateway that cannot be told apart from one before them (Gateway.spec.listeners, "distinct"): of one
 * port, all have to speak the same kind of protocol, and those that go by hostname need different ones. `listeners`: in
 * the order of precedence.
 */
export function listenerConflicts(listeners: readonly EntryListener[]): readonly ListenerConflict[] {
  const onPort = new Map<string, EntryListener>();
  const onHost = new Map<string, EntryListener>();
  return listeners.flatMap((listener): readonly ListenerConflict[] => {
    const { port, protocol, hostname } = listener.listener;
    const group = groupOf(protocol);
    // A vendor's own protocol: what it shares a port with is for its controller to say.
    if (group === undefined) return [];
    const place = `${group === "UDP" ? "UDP" : "TCP"} ${port}`;
    const first = onPort.get(place);
    if (first === undefined) onPort.set(place, listener);
    else if (groupOf(first.listener.protocol) !== group)
      return [{ listener, other: first, reason: "ProtocolConflict" }];
    const isByHost = group === "HTTP" || group === "TLS";
    const host = `${place} ${isByHost ? normalHostname(hostname ?? "") : ""}`;
    const same = onHost.get(host);
    if (same === undefined) onHost.set(host, listener);
    return same === undefined ? [] : [{ listener, other: same, reason: "HostnameConflict" }];
  });
}

/** HTTPS and TLS are told apart by the name that the client asks for in the handshake. */
function groupOf(protocol: string): "HTTP" | "TLS" | "TCP" | "UDP" | undefined {
  switch (protocol) {
    case "HTTPS":
    case "TLS":
      return "TLS";
    case "HTTP":
    case "TCP":
    case "UDP":
      return protocol;
    default:
      return undefined;
  }
}
