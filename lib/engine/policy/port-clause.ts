import type { Pod, PolicyPort, Protocol } from "#lib/model/objects.ts";
import { findPort } from "../target-port.ts";

/** A port on which pods are asked: the pod's port, after the Service's port was translated. */
export interface ServedPort {
  /** A number, or a container port's name, which each pod resolves for itself. */
  readonly target: number | string;
  readonly protocol: Protocol;
  /** "8079/TCP". */
  readonly words: string;
}

/**
 * Whether a rule's port clauses let a packet to this port of this pod pass. No clause at all lets every port of
 * every protocol pass. A named port is resolved on the destination pod, name and protocol together; a pod without
 * the name is not matched (networking.k8s.io/v1, NetworkPolicyPort). Policies see the pod's port, never the Service's.
 */
export function portAdmits(clauses: readonly PolicyPort[], pod: Pod, served: ServedPort): boolean {
  if (clauses.length === 0) return true;
  const asked = numberOn(pod, served.target, served.protocol);
  if (asked === undefined) return false;
  return clauses.some((clause) => {
    if (clause.protocol !== served.protocol) return false;
    if (clause.port === undefined) return true;
    const from = numberOn(pod, clause.port, clause.protocol);
    if (from === undefined) return false;
    return clause.endPort === undefined ? asked === from : asked >= from && asked <= clause.endPort;
  });
}

function numberOn(pod: Pod, port: number | string, protocol: Protocol): number | undefined {
  if (typeof port === "number") return port;
  return findPort(pod, (declared) => declared.name === port && declared.protocol === protocol)?.port
    .containerPort;
}
