import type { Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { type Cidr, contains } from "../cidr.ts";
import { blocksOver } from "../policy/blocks-over.ts";
import type { DirectionVerdict } from "../policy/compile-policies.ts";
import type { Packet, PacketEnd } from "../policy/packet.ts";
import { readInFull } from "../read-in-full.ts";
import { type Family, nodeAddress, type Party } from "./party.ts";
import { type Place, placeFor } from "./places.ts";
import type { Crossing } from "./policy-steps.ts";
import type { World } from "./world.ts";

/**
 * A node port or load balancer with `externalTrafficPolicy: Cluster` may show the entry node's address in place of the
 * sender's (docs/spec/policy.md, 6.4): where it makes no difference the verdict stands. On the pod's own node the packet
 * is translated behind the policies, which see the sender there.
 */
export function overTranslation(
  world: World,
  { family }: Crossing,
  packet: Packet,
  direct: DirectionVerdict,
): DirectionVerdict {
  const to = packet.destination;
  if (to.kind !== "pod" || direct.by === "default" || direct.by === "host-network") return direct;
  const placedThere = { ...to, pod: placed(to.pod) };
  for (const source of otherNodes(world, to.pod, family)) {
    const translated = world.policies.directionVerdict(
      { ...packet, source, destination: placedThere },
      "ingress",
    );
    if (translated.decision === direct.decision) continue;
    const doubt = translationDoubt(source, direct, translated);
    return {
      ...direct,
      decision: "unknown",
      by: undefined,
      allowedBy: [...direct.allowedBy, ...translated.allowedBy],
      deniedBy: [...direct.deniedBy, ...translated.deniedBy],
      doubts: [...direct.doubts, ...translated.doubts, doubt],
    };
  }
  return direct;
}

type NodeEnd = Extract<PacketEnd, { kind: "node" }>;

/** The nodes beside the pod's own, one of those that policies over it treat alike. */
function otherNodes(world: World, pod: Pod, family: Family | undefined): readonly NodeEnd[] {
  const classes = nodeClasses(world, blocksOver(world.policies, [pod], "ingress"), family);
  return classes.flatMap((alike) => alike.find(({ name }) => name !== pod.nodeName) ?? []);
}

const classesOf = new WeakMap<World, Map<string, readonly (readonly NodeEnd[])[]>>();

/** Two of each kind are enough to leave any one of them out. */
function nodeClasses(
  world: World,
  blocks: readonly Cidr[],
  family: Family | undefined,
): readonly (readonly NodeEnd[])[] {
  const known = classesOf.get(world) ?? new Map<string, readonly (readonly NodeEnd[])[]>();
  classesOf.set(world, known);
  const key = [family, ...blocks.map(({ text }) => text)].join();
  const found = known.get(key) ?? classifyNodes(world, blocks, family);
  known.set(key, found);
  return found;
}

function classifyNodes(
  { facts: { snapshot } }: World,
  blocks: readonly Cidr[],
  family: Family | undefined,
): readonly (readonly NodeEnd[])[] {
  const alike = new Map<string, NodeEnd[]>();
  for (const node of seen(snapshot, "nodes")) {
    const address = nodeAddress(node, family);
    const key = blocks.map((block) => address !== undefined && contains(block, address)).join();
    const list = alike.get(key) ?? [];
    alike.set(key, list);
    if (list.length < 2) list.push({ kind: "node", name: node.name, node, address });
  }
  if (snapshot.origin === "manifests" || !readInFull(snapshot, "nodes"))
    alike.set("unread", [{ kind: "node", name: someNode, node: undefined, address: undefined }]);
  return [...alike.values()];
}

/** One of which nothing is known but that it is not the pod's own. */
const someNode = "another node";

/**
 * Tells endpoints apart where packets come through nodes that put their own address in place of the sender's: by the
 * pod's own node, if that is the only one of its kind.
 */
export function translatedPlace(world: World, sender: Party): Place {
  const own = placeFor(sender);
  const of = (pod: Pod) => {
    const { isolating, admin, baseline } = world.policies.selection(pod, "ingress");
    if (isolating.length + admin.length + baseline.length === 0) return own?.of(pod) ?? "";
    const blocks = blocksOver(world.policies, [pod], "ingress");
    const isAlone = ([4, 6] as const).some((family) =>
      nodeClasses(world, blocks, family).some(
        ([only, ...more]) => more.length === 0 && only?.name === pod.nodeName,
      ),
    );
    return `${own?.of(pod) ?? ""}${isAlone ? pod.nodeName : ""}`;
  };
  return { of, words: () => undefined };
}

const placedPods = new WeakMap<Pod, Pod>();

/** A pod of which no node is given, put on one: it is asked about others than its own. */
function placed(pod: Pod): Pod {
  if (pod.nodeName !== undefined) return pod;
  const known = placedPods.get(pod) ?? { ...pod, nodeName: "its own node" };
  placedPods.set(pod, known);
  return known;
}

function translationDoubt(
  { name, node }: NodeEnd,
  direct: DirectionVerdict,
  translated: DirectionVerdict,
): Doubt {
  const words = { allowed: "admit", denied: "refuse", unknown: "leave open" } as const;
  const who = node === undefined ? "the nodes" : `node ${name}`;
  return {
    code: "source-translated",
    sentence: `policies ${words[direct.decision]} the sender and ${words[translated.decision]} ${who}; which of the two they see behind externalTrafficPolicy: Cluster is not defined`,
    objects: node === undefined ? [] : [node.id],
  };
}
