/** Who may reach a workload or a Service, or what a workload may reach. Plain JSON, as it goes over the wire. */
import type { ObjectId } from "./ids.ts";
import type { Enforcement, TraceEnd } from "./trace.ts";

/**
 * What the packets from one workload to another come to, on the port that answers best. `some-ports`: reachable, and
 * not so on every port.
 */
export type ReachVerdict = "blocked" | "reachable" | "some-ports" | "depends" | "unknown";

export type ReachDirection = "to" | "from";

/**
 * What policies at both ends say, for every workload of the cluster. Whether something runs and is ready there is not
 * part of it.
 */
export interface Reach {
  readonly direction: ReachDirection;
  readonly end: TraceEnd;
  /** "2 of 14 workloads may reach it". */
  readonly sentence: string;
  readonly namespaces: readonly ReachNamespace[];
  /** Addresses outside the cluster. */
  readonly outside: readonly ReachGroup[];
  /** Worth knowing besides. */
  readonly notes: readonly string[];
  readonly enforcement: Enforcement;
}

export interface ReachNamespace {
  readonly namespace: string;
  /** Workloads that may, on some port or path at least. */
  readonly may: number;
  readonly total: number;
  readonly groups: readonly ReachGroup[];
}

/** Ends about which the same policies say the same. */
export interface ReachGroup {
  readonly verdict: ReachVerdict;
  /** "admitted by shop/orders-access rule 1: pods with app=web of shop, 8080/TCP". */
  readonly why: string;
  /** "8080", where it is not so for every port. */
  readonly ports?: string | undefined;
  /** Policies that decide. */
  readonly policies: readonly ObjectId[];
  /** At most `reachMostEnds` of them; `count` is of all. */
  readonly ends: readonly ReachEnd[];
  readonly count: number;
}

export interface ReachEnd {
  /** As it stands in a link: `shop/deployment/frontend`, `10.0.0.0/8`. */
  readonly text: string;
  readonly name: string;
  /** Absent for addresses outside. */
  readonly object?: ObjectId | undefined;
}

export const reachMostEnds = 40;
