/** The answer to one question: can A reach B, and if not, where does it stop. Plain JSON, as it goes over the wire. */
import type { Evidence, Fix } from "./finding.ts";
import type { NodeId } from "./graph.ts";
import type { ObjectId } from "./ids.ts";
import type { Protocol } from "./objects.ts";
import type { Clause, Doubt } from "./verdict.ts";

/**
 * `reachable`: every configured step lets it through. `blocked`: stopped on every path. `depends`: the answer differs
 * between paths that real packets would take. `unknown`: something needed could not be read, or is not defined.
 */
export type Verdict = "reachable" | "blocked" | "depends" | "unknown";

/** An end as it was asked for, and what it was found to be. */
export interface TraceEnd {
  /** As it stands in a link: `shop/deployment/frontend`, `10.0.0.0/8`, `internet`. */
  readonly text: string;
  /** In words: "deployment/frontend in shop". */
  readonly words: string;
  /** Short: "frontend". */
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly object?: ObjectId | undefined;
}

export type HopKind =
  | "source"
  | "dns"
  | "route"
  | "service"
  | "endpoints"
  | "egress-policy"
  | "ingress-policy"
  | "destination";

/** `partial`: some of the paths pass here and others do not. `skipped`: what came before left nothing to ask. */
export type HopOutcome = "pass" | "partial" | "block" | "unknown" | "skipped";

/** A packet at one moment; a part that is not known is absent. */
export interface PacketView {
  readonly source: string;
  /** `10.96.41.7:5432`, `cart.shop:80`. */
  readonly destination: string;
  readonly protocol: Protocol;
}

/** What some of the paths meet at a hop. */
export interface HopSide {
  /** "from node-1", "to cart-2", "for 10.0.0.0/9"; empty where it is so for all of them. */
  readonly who: string;
  readonly outcome: Exclude<HopOutcome, "partial" | "skipped">;
  readonly sentence: string;
}

export interface Hop {
  readonly kind: HopKind;
  readonly outcome: HopOutcome;
  /** "Egress of shop/checkout", "Service payments/ledger". */
  readonly title: string;
  /** What happens here, one sentence: "allowed by default-egress, rule 2: any namespace, all ports". */
  readonly sentence: string;
  /** Why it stops here, in a few words for the verdict's sentence: "no endpoint is ready". */
  readonly reason?: string | undefined;
  /** Where there is a proxy between: whether this is on the way to it or behind it. */
  readonly leg?: "entry" | "backend" | undefined;
  /** The object whose panel tells more. */
  readonly subject?: ObjectId | undefined;
  readonly before?: PacketView | undefined;
  /** Absent where the packet is not changed. */
  readonly after?: PacketView | undefined;
  readonly evidence: readonly Evidence[];
  /** Policies' clauses that decided. */
  readonly clauses: readonly Clause[];
  /** What would nearly have matched. */
  readonly nearMiss?: string | undefined;
  readonly fix?: Fix | undefined;
  /** A line that shows the same without this program. */
  readonly kubectl?: string | undefined;
  /** Worth knowing, and no blocker. */
  readonly remarks: readonly string[];
  readonly doubts: readonly Doubt[];
  /** One where all paths meet the same, more where they differ. */
  readonly sides: readonly HopSide[];
  /** Where on the map it is; what is not drawn there is left out. */
  readonly nodes: readonly NodeId[];
}

/** Whether anything was found that enforces policies. Configured is one thing, enforced another. */
export interface Enforcement {
  readonly state: "enforced" | "partly" | "none-found" | "unknown";
  /** "Calico: calico-node ready on 3 of 3 nodes". */
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
}

/** For `depends` and `unknown`: what paths come to. */
export interface TraceSide {
  /** "from node-1", "through endpoint cart-2". */
  readonly who: string;
  readonly verdict: "reachable" | "blocked" | "unknown";
  readonly why: string;
}

export interface Trace {
  readonly from: TraceEnd;
  readonly to: TraceEnd;
  /** As asked, else the one that was chosen; undefined where none could be. */
  readonly port?: number | undefined;
  /** The port's name, where it was asked by name or has one. */
  readonly portName?: string | undefined;
  readonly protocol: Protocol;
  readonly verdict: Verdict;
  /** One sentence without a full stop: "checkout should reach ledger on 5432". */
  readonly sentence: string;
  /** Every blocker, one sentence each, in the packet's order. */
  readonly blockers: readonly string[];
  readonly enforcement: Enforcement;
  readonly hops: readonly Hop[];
  readonly sides: readonly TraceSide[];
  readonly remarks: readonly string[];
  readonly doubts: readonly Doubt[];
  /** What is lit on the map, in the packet's order. */
  readonly path: readonly NodeId[];
}

/** A question that cannot be asked. */
export interface QuestionProblem {
  readonly field: "from" | "to" | "port" | "protocol";
  /** One sentence: what and why. */
  readonly sentence: string;
  /** Ends that may have been meant, as links write them. */
  readonly nearest: readonly string[];
}
