import type { PolicyPort, Protocol, TieredPort } from "#lib/model/objects.ts";
import { findPort } from "../target-port.ts";
import type { PacketEnd } from "./packet.ts";

/** What port clauses are held against: the destination's own port, after the Service's was translated. */
export interface PortAsked {
  readonly destination: PacketEnd;
  readonly port: number;
  readonly protocol: Protocol;
}

/** `any`: there are no port clauses, so every port of every protocol matches. `index`: of the first that matches. */
export type PortMatch =
  | { readonly is: "any" }
  | { readonly is: "clause"; readonly index: number }
  | { readonly is: "none" };

/** NetworkPolicyPort (networking.k8s.io/v1); docs/spec/policy.md, 3. */
export function matchPorts(clauses: readonly PolicyPort[], asked: PortAsked): PortMatch {
  return first(clauses, (clause) => {
    if (clause.protocol !== asked.protocol) return false;
    if (clause.port === undefined) return true;
    if (typeof clause.port === "string") return isNamed(clause.port, asked);
    return asked.port >= clause.port && asked.port <= (clause.endPort ?? clause.port);
  });
}

/** `ports` of the v1alpha1 kinds and `protocols` of v1alpha2 (policy.networking.k8s.io). */
export function matchTieredPorts(clauses: readonly TieredPort[], asked: PortAsked): PortMatch {
  return first(clauses, (clause) =>
    clause.kind === "named"
      ? isNamed(clause.name, asked)
      : clause.protocol === asked.protocol && asked.port >= clause.start && asked.port <= clause.end,
  );
}

function first<T>(clauses: readonly T[], matches: (clause: T) => boolean): PortMatch {
  if (clauses.length === 0) return { is: "any" };
  const index = clauses.findIndex(matches);
  return index === -1 ? { is: "none" } : { is: "clause", index };
}

/**
 * A name is looked up on the destination pod, together with the protocol; a pod without it is not matched, and neither
 * is what is no pod, since only pods name their ports. Of several containers the first counts, as for Services.
 */
function isNamed(name: string, { destination, port, protocol }: PortAsked): boolean {
  if (destination.kind !== "pod") return false;
  const found = findPort(
    destination.pod,
    (declared) => declared.name === name && declared.protocol === protocol,
  );
  return found?.port.containerPort === port;
}
