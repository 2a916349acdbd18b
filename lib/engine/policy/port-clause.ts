import type { Pod, PolicyPort, Protocol } from "#lib/model/objects.ts";
import { findPort } from "../target-port.ts";

/** A port on which pods are asked: the pod's port, after the Service's port was translated. */
export interface ServedPort {
  /** A number, or a container port's name, which each pod resolves for itself. */
  readonly target: number | string;
  readonly protocol: Protocol;
  /** "8079/TCP". */
  readonly words: string;
  /** The Service's own port in front of it, for saying so when a rule names that one by mistake. */
  readonly servicePort?: number | undefined;
}

/**
 * Whether a rule's port clauses let a packet to this port of this pod pass. No clause at all lets every port of
 * every protocol pass. A named port is resolved on the destination pod, name and protocol together; a pod without
 * the name is not matched (networking.k8s.io/v1, NetworkPolicyPort). Policies see the pod's port, never the Service's.
 */
export function portAdmits(clauses: readonly PolicyPort[], pod: Pod, served: ServedPort): boolean {
  return clauses.length === 0 || clauses.some((clause) => clauseAdmits(clause, pod, served));
}

function clauseAdmits(clause: PolicyPort, pod: Pod, { target, protocol }: ServedPort): boolean {
  if (clause.protocol !== protocol) return false;
  if (clause.port === undefined) return true;
  const asked = numberOn(pod, target, protocol);
  const from = numberOn(pod, clause.port, protocol);
  if (asked === undefined || from === undefined) return false;
  // The API takes an endPort only behind a number.
  return clause.endPort === undefined || typeof clause.port === "string"
    ? asked === from
    : asked >= from && asked <= clause.endPort;
}

/** Whether a rule's port clauses open any port of this pod at all: a name that it lacks opens nothing. */
export function someAdmitted(clauses: readonly PolicyPort[], pod: Pod): boolean {
  return (
    clauses.length === 0 ||
    clauses.some(({ port, protocol }) => port === undefined || numberOn(pod, port, protocol) !== undefined)
  );
}

function numberOn(pod: Pod, port: number | string, protocol: Protocol): number | undefined {
  if (typeof port === "number") return port;
  return findPort(pod, (declared) => declared.name === port && declared.protocol === protocol)?.port
    .containerPort;
}
