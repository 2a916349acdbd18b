import type { Pod } from "#lib/model/objects.ts";
import type { QuestionProblem, TraceEnd } from "#lib/model/trace.ts";
import type { Cidr } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { listedUpTo } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import { serviceAt } from "../routing/proxies.ts";
import { insiders, internetParties, outsideParties } from "./outside.ts";
import { type Party, partiesOf, partyWords } from "./party.ts";
import { type Places, senderPlace } from "./places.ts";
import type { EndRef } from "./question.ts";
import { type Found, plainEnd, resolveObject } from "./resolve-end.ts";
import type { Path } from "./step.ts";
import { insideRemark } from "./target.ts";
import type { World } from "./world.ts";

/** What the target needs to be told apart among senders. */
export interface Needs {
  /** Whether the answer differs from node to node. */
  readonly byNode: boolean;
  /** Where the target runs, for senders on nodes' networks and to those; undefined where that is not known. */
  readonly places?: Places | undefined;
  /** Blocks of addresses between which the answer may change. */
  readonly cuts: readonly Cidr[];
}

export interface Sender {
  readonly party: Party;
  /** How it differs from the other senders: "from node-1"; empty where it is the only one. */
  readonly who: string;
}

/** A way in from outside: how it is called, and what a sender meets on it. */
export interface WayIn {
  readonly words: string;
  readonly port: number | undefined;
  readonly remarks?: readonly string[] | undefined;
  readonly go: (sender: Sender) => readonly Path[];
}

export interface Source {
  readonly end: TraceEnd;
  readonly kind: "pods" | "node" | "addresses" | "internet" | "nothing";
  /** Of `nothing`: why nothing can send. */
  readonly why?: string | undefined;
  /** Of `nothing`: its pods could not be read, so that some may send all the same. */
  readonly isUnread?: boolean | undefined;
  readonly remarks: readonly string[];
  /** Senders that the target cannot tell apart are one. */
  senders(needs: Needs): readonly Sender[];
  /** The source that this one is a part of. */
  readonly whole?: Source | undefined;
}

/** One that sends; undefined where nobody does. */
export function sampleOf(source: Source): Sender | undefined {
  return (source.whole ?? source).senders({ byNode: false, cuts: [] })[0];
}

export function sourceOf(
  world: World,
  ref: EndRef,
):
  | { readonly kind: "source"; readonly source: Source }
  | { readonly kind: "problem"; readonly problem: QuestionProblem } {
  switch (ref.kind) {
    case "internet":
      return {
        kind: "source",
        source: {
          end: plainEnd(ref),
          kind: "internet",
          remarks: [],
          senders: ({ cuts }) => named(internetParties(world.facts, cuts), "for"),
        },
      };
    case "addresses": {
      const service = clusterIpOf(world, ref);
      if (service === undefined) return { kind: "source", source: addresses(world, ref) };
      const { namespace, name } = service.service;
      const sentence = `${ref.text} is the cluster IP of Service ${namespace}/${name}, which sends no packets; name a workload, a pod or a node`;
      return { kind: "problem", problem: { field: "from", sentence, nearest: [] } };
    }
    case "name":
    case "url":
      // The parser takes neither as a source.
      return {
        kind: "problem",
        problem: { field: "from", sentence: `${ref.text} sends no packets`, nearest: [] },
      };
    case "object": {
      const resolved = resolveObject(world.facts, "from", ref.ref);
      if (resolved.kind === "problem") return resolved;
      const { found, end } = resolved;
      switch (found.kind) {
        case "service":
          return {
            kind: "problem",
            problem: {
              field: "from",
              sentence: `${end.text} is a Service, which sends no packets; name a workload or a pod`,
              nearest: [],
            },
          };
        case "node":
          return {
            kind: "source",
            source: {
              end,
              kind: "node",
              remarks: [],
              senders: () => [{ party: { kind: "node", node: found.node }, who: "" }],
            },
          };
        case "pods":
          return { kind: "source", source: podSource(world, end, found) };
      }
    }
  }
}

/** Nothing sends from a cluster IP: replies from it are replies to who asked. */
function clusterIpOf(
  { facts }: World,
  { text, block }: Extract<EndRef, { kind: "addresses" }>,
): ServiceFacts | undefined {
  if (block.start !== block.end) return undefined;
  const [address = text] = text.split("/");
  const service = serviceAt(facts, address);
  return service?.service.clusterIPs.includes(address) === true ? service : undefined;
}

function podSource(world: World, end: TraceEnd, { pods, absent }: Extract<Found, { kind: "pods" }>): Source {
  const running = pods.filter((pod) => pod.template !== undefined || pod.phase === "Running");
  const waiting = pods.filter((pod) => !isFinished(pod));
  const asked = running.length > 0 ? running : waiting;
  const remarks = (() => {
    if (asked.length === 0) return [];
    if (absent?.isUnread)
      return [`the pods of ${end.name} could not be read; asked as one of its template would be`];
    if (absent !== undefined)
      return [`${end.name} has no pod (${absent.why}); asked as one of its template would be`];
    return running.length === 0 ? [`no pod of ${end.name} runs at the moment; asked as if one did`] : [];
  })();
  const [first] = pods;
  return {
    end,
    kind: asked.length === 0 ? "nothing" : "pods",
    isUnread: first === undefined && absent?.isUnread === true,
    why:
      first === undefined
        ? `${end.name} has no pod that could send`
        : `${end.name} has finished (${first.phase}) and sends nothing`,
    remarks,
    senders: (needs) => podSenders(world, asked, needs),
  };
}

function podSenders(
  { classOf }: World,
  pods: readonly Pod[],
  { byNode, places }: Pick<Needs, "byNode" | "places">,
): readonly Sender[] {
  const alike = (pod: Pod) =>
    `${classOf(pod)}\u0001${pod.dnsPolicy}\u0001${JSON.stringify(pod.dnsConfig ?? null)}`;
  const place = (pod: Pod) => (byNode ? (pod.nodeName ?? "") : senderPlace(pod, places));
  const parties = partiesOf(pods, (pod) => `${alike(pod)}\u0001${place(pod)}`);
  if (parties.length === 1) return parties.map((party) => ({ party, who: "" }));
  const onlyNodes = new Set(pods.map(alike)).size === 1;
  return parties.map((party) => {
    const of = party.kind === "pods" ? party.pods : [];
    const nodes = [...new Set(of.flatMap(({ nodeName }) => nodeName ?? []))];
    return {
      party,
      who: `from ${onlyNodes && nodes.length > 0 ? listedUpTo(nodes, 2) : partyWords(party)}`,
    };
  });
}

function addresses(world: World, ref: Extract<EndRef, { kind: "addresses" }>): Source {
  const { pods, nodes } = insiders(world.facts, ref.block);
  const { family } = ref.block;
  const single = ref.block.start === ref.block.end;
  const inside = pods.length + nodes.length > 0;
  const whose = [
    ...pods.map(({ namespace, name }) => `${namespace}/${name}`),
    ...nodes.map(({ name }) => name),
  ];
  const remarks = !inside
    ? []
    : single
      ? [`${ref.text} is the address of ${listedUpTo(whose, 2)}, and asked as that`]
      : insideRemark(ref.text, pods.length, nodes.length);
  return {
    end: plainEnd(ref),
    kind: single && pods.length > 0 ? "pods" : single && nodes.length > 0 ? "node" : "addresses",
    remarks,
    senders(needs) {
      const own = [
        ...podSenders(world, pods, needs).map(({ party, who }) => ({
          party: party.kind === "pods" ? { ...party, family } : party,
          who,
        })),
        ...nodes.map((node): Sender => ({ party: { kind: "node", node, family }, who: `from ${node.name}` })),
      ];
      if (single && inside) return own;
      const outside = named(outsideParties([ref.text], needs.cuts), "for");
      const others = `other addresses in ${ref.text}`;
      if (own.length === 0) return outside;
      return [
        ...own.map((sender) =>
          sender.who === "" ? { ...sender, who: `from ${partyWords(sender.party)}` } : sender,
        ),
        ...outside.map(({ party, who }) =>
          who !== "" || party.kind !== "outside"
            ? { party, who }
            : { party: { ...party, label: others }, who: `for ${others}` },
        ),
      ];
    },
  };
}

function named(parties: readonly Party[], word: string): readonly Sender[] {
  if (parties.length === 1) return parties.map((party) => ({ party, who: "" }));
  return parties.map((party) => ({ party, who: `${word} ${partyWords(party)}` }));
}
