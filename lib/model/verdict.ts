/** What policies say of a packet, as it travels to the screen. */
import type { ObjectId } from "./ids.ts";

export type Direction = "ingress" | "egress";

/** A place in a policy, down to the clauses that matched. */
export interface Clause {
  readonly policy: ObjectId;
  readonly direction: Direction;
  /** Index of the rule; undefined: the policy isolates, and none of its rules admits the packet. */
  readonly rule?: number | undefined;
  /** Index of the peer; undefined: the rule is for any peer. */
  readonly peer?: number | undefined;
  /** Index of the port clause; undefined: the rule is for any port. */
  readonly port?: number | undefined;
}

/** Why an answer is unknown: something is not given, or the specification leaves it open. Numbers are those of docs/spec/policy.md. */
export type DoubtCode =
  /** 6.1: whether an `ipBlock` means pods. */
  | "ip-block-on-pods"
  /** 6.2: whether an `ipBlock` means nodes. */
  | "ip-block-on-nodes"
  /** 6.3: whether policies bind pods on their node's network, and how others see them. */
  | "host-network"
  /** 6.4: whether a policy sees the source before or after it was translated. */
  | "source-translated"
  /** 6.5: whether a pod may always send to its own node. */
  | "own-node"
  /** 5.5: rules of one priority that contradict each other. */
  | "same-priority"
  /** 7.1 */
  | "policy-invalid"
  /** 7.2 */
  | "policy-foreign"
  /** 7.3 */
  | "policies-unread"
  /** 7.4 */
  | "labels-unread"
  /** 7.5 */
  | "address-not-given"
  /** 7.6 */
  | "node-not-given"
  /** 7.7 */
  | "name-not-resolved"
  /** 7.8: the pods of a proxy, or a load balancer's own machines. */
  | "proxy-not-found"
  /** 7.9: two live pods have the address. */
  | "shared-address"
  /** 7.10: objects of a kind that the answer needs could not be read. */
  | "unread"
  /** 7.11: the standard, or an object that is not read, leaves it to a controller. */
  | "left-to-controller";

export interface Doubt {
  readonly code: DoubtCode;
  /** One sentence: what is missing or undefined. */
  readonly sentence: string;
  /** What it is about. */
  readonly objects: readonly ObjectId[];
}
