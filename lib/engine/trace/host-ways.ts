/** Ports of nodes that lead to pods without a Service: a `hostPort`, or the node's network itself. */
import type { Pod, Protocol } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { counted } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import { declaredPorts } from "../target-port.ts";
import { cross } from "./crossing.ts";
import { landingsOn } from "./landing.ts";
import { hasPublicAddress, isOfInternet } from "./outside.ts";
import { partyWords } from "./party.ts";
import { placeFor } from "./places.ts";
import type { Sender, WayIn } from "./source.ts";
import { type Path, packetView, socket, step, unknownStep } from "./step.ts";
import type { World } from "./world.ts";

export function hostWays(
  world: World,
  pods: readonly Pod[],
  port: number,
  protocol: Protocol,
): readonly WayIn[] {
  const byPort = new Map<number, Pod[]>();
  for (const pod of pods) {
    const number = hostPortOf(pod, port, protocol);
    if (number !== undefined) byPort.set(number, [...(byPort.get(number) ?? []), pod]);
  }
  return [...byPort].map(([number, members]) => ({
    words: `through port ${number} of the nodes`,
    port: undefined,
    go: (sender) => throughNodes(world, sender, members, { port, protocol, number }),
  }));
}

function hostPortOf(pod: Pod, port: number, protocol: Protocol): number | undefined {
  if (pod.hostNetwork) return port;
  return declaredPorts(pod).find(
    (each) => each.port.containerPort === port && each.port.protocol === protocol && each.port.hostPort,
  )?.port.hostPort;
}

const hostPorts = new WeakMap<Facts, ReadonlyMap<string, readonly Pod[]>>();

/** The pods of a node that take one of its ports by a `hostPort`, and the port of their own that it leads to. */
export function hostPortPods(
  facts: Facts,
  node: string,
  number: number,
  protocol: Protocol,
): { readonly pods: readonly Pod[]; readonly port: number } | undefined {
  const known = hostPorts.get(facts) ?? podsByHostPort(facts);
  hostPorts.set(facts, known);
  const pods = known.get(`${node} ${number} ${protocol}`) ?? [];
  const [first] = pods;
  const port =
    first === undefined
      ? undefined
      : declaredPorts(first).find((each) => each.port.hostPort === number && each.port.protocol === protocol);
  return port === undefined ? undefined : { pods, port: port.port.containerPort };
}

function podsByHostPort({ snapshot }: Facts): ReadonlyMap<string, readonly Pod[]> {
  const byPort = new Map<string, Pod[]>();
  for (const pod of seen(snapshot, "pods")) {
    // On its node's network a pod listens for itself, and no policy stands between.
    if (pod.nodeName === undefined || pod.hostNetwork || isFinished(pod)) continue;
    for (const { port } of declaredPorts(pod)) {
      if (port.hostPort === undefined) continue;
      const key = `${pod.nodeName} ${port.hostPort} ${port.protocol}`;
      byPort.set(key, [...(byPort.get(key) ?? []), pod]);
    }
  }
  return byPort;
}

interface HostAsk {
  readonly port: number;
  readonly protocol: Protocol;
  /** The node's own. */
  readonly number: number;
}

function throughNodes(
  world: World,
  { party: sender }: Sender,
  pods: readonly Pod[],
  { port, protocol, number }: HostAsk,
): readonly Path[] {
  const nodeOf = ({ nodeName }: Pod) => world.policies.sight.nodeNamed(nodeName);
  const open = pods.filter((pod) => {
    const node = nodeOf(pod);
    return node !== undefined && hasPublicAddress(node);
  });
  const isOpen = open.length > 0 || !isOfInternet(sender);
  const asked = open.length > 0 ? open : pods;
  const nodes = [...new Set(asked.flatMap((pod) => nodeOf(pod)?.id ?? []))];
  const head = {
    slot: "in:entry",
    kind: "service",
    title: `Port ${number} of the nodes`,
    nodes: ["internet", ...nodes],
    before: packetView(partyWords(sender), socket("<node>", number), protocol),
    evidence: asked
      .slice(0, 3)
      .map((pod) =>
        pod.hostNetwork
          ? { object: pod.id, path: "spec.hostNetwork", value: "true" }
          : { object: pod.id, path: "spec.containers[].ports[].hostPort", value: String(number) },
      ),
  } as const;
  const why =
    "no node that runs it has a public address that is known, so whether the internet gets there is not known";
  const entry = isOpen
    ? step({
        ...head,
        outcome: "pass",
        sentence: `port ${number} of ${counted(Math.max(nodes.length, 1), "node")} → ${port}`,
        remarks: ["whether a firewall in front of the nodes lets it through is not in the cluster"],
      })
    : unknownStep({
        ...head,
        sentence: why,
        code: "node-not-given",
        objects: asked.map(({ id }) => id),
      });
  return landingsOn(world, asked, port, placeFor(sender)).flatMap((landing) =>
    cross(world, { source: sender, landing, protocol, leg: "in" }).map((path) => ({
      ...path,
      steps: [entry, ...path.steps],
    })),
  );
}
