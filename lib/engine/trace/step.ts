import type { Evidence, Fix } from "#lib/model/finding.ts";
import type { NodeId } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Protocol } from "#lib/model/objects.ts";
import type { HopKind, PacketView } from "#lib/model/trace.ts";
import type { Clause, Doubt } from "#lib/model/verdict.ts";
import type { Party } from "./party.ts";

/** What one path meets at one hop. */
export interface Step {
  /** Which hop of the trace it is part of; paths that share a hop share its slot. */
  readonly slot: string;
  readonly kind: HopKind;
  readonly outcome: "pass" | "block" | "unknown";
  readonly title: string;
  readonly sentence: string;
  /** Where the sentence is about things of which paths may have several: so that all of them can be told in one. */
  readonly about?: About | undefined;
  readonly reason?: string | undefined;
  readonly subject?: ObjectId | undefined;
  readonly before?: PacketView | undefined;
  readonly after?: PacketView | undefined;
  readonly evidence: readonly Evidence[];
  readonly clauses: readonly Clause[];
  readonly nearMiss?: string | undefined;
  readonly fix?: Fix | undefined;
  readonly kubectl?: string | undefined;
  readonly remarks: readonly string[];
  readonly doubts: readonly Doubt[];
  readonly nodes: readonly NodeId[];
}

/** "web-0 runs", "web-0 and 4 more run". */
export interface About {
  readonly names: readonly string[];
  /** Equal for what can be told together. */
  readonly key: string;
  readonly together: (names: readonly string[]) => string;
}

type Optional = "evidence" | "clauses" | "remarks" | "doubts" | "nodes";

/** A step with nothing where nothing is given. */
export function step(given: Omit<Step, Optional> & Partial<Pick<Step, Optional>>): Step {
  return { evidence: [], clauses: [], remarks: [], doubts: [], nodes: [], ...given };
}

/** A step of which nobody can tell, with its sentence for the doubt. */
export function unknownStep({
  code,
  objects,
  ...given
}: Omit<Parameters<typeof step>[0], "outcome" | "doubts"> & Pick<Doubt, "code" | "objects">): Step {
  return step({ ...given, outcome: "unknown", doubts: [{ code, sentence: given.sentence, objects }] });
}

/** In what a path differs from others, each in words: "from node-1", "to cart-2", "over IPv6". */
export type Difference = "source" | "entry" | "proxy" | "backend" | "landing" | "family" | "name";

/** One way that a real packet may take, from end to end. */
export interface Path {
  readonly steps: readonly Step[];
  readonly who: Readonly<Partial<Record<Difference, string>>>;
  /** The addresses that send, where they are outside the cluster: those of alike paths are told together. */
  readonly blocks?: readonly string[] | undefined;
  /** Those that are sent to, the same way. */
  readonly toBlocks?: readonly string[] | undefined;
  /** Where it ends, or the leg so far; undefined where nothing is left to end at. */
  readonly landed?: Party | undefined;
}

/** A path that these are all of. */
export function ending(...steps: readonly Step[]): Path {
  return { steps, who: {} };
}

/** Paths of which packets take any: together they are one answer. */
export interface Way {
  /** How one comes to take it, where there was a choice: "through the load balancer of Service web". */
  readonly words: string;
  readonly paths: readonly Path[];
  /** The destination's port that it asks about, where there was a choice. */
  readonly port?: number | undefined;
  /** In place of a port that stands for many: "any port but 53". */
  readonly portWords?: string | undefined;
  readonly remarks: readonly string[];
}

export type PathVerdict = "reachable" | "blocked" | "unknown";

export function pathVerdict({ steps }: Path): PathVerdict {
  if (steps.some(({ outcome }) => outcome === "block")) return "blocked";
  return steps.some(({ outcome }) => outcome === "unknown") ? "unknown" : "reachable";
}

export function packetView(source: string, destination: string, protocol: Protocol): PacketView {
  return { source, destination, protocol };
}

/** `10.0.0.1:80`, `[fd00::1]:80`, `cart:80`. */
export function socket(address: string, port: number | string | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
