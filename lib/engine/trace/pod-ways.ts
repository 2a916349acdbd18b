import type { Pod } from "#lib/model/objects.ts";
import type { TraceEnd } from "#lib/model/trace.ts";
import { parseAddress } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectl } from "../fix/kubectl.ts";
import { nearestOf } from "../near-words.ts";
import { listedUpTo } from "../object-words.ts";
import { httpWaysTo } from "../routing/http-ways-to.ts";
import { proxyOf, servicesOver } from "../routing/proxies.ts";
import { declaredPorts } from "../target-port.ts";
import { type Ask, cutsOver, from, isFromInternet, isOutside, way } from "./ask.ts";
import { readinessRemark } from "./destination-step.ts";
import { sourceRanges } from "./entry.ts";
import { isPublic } from "./outside.ts";
import { namedPodPorts, openPodPorts } from "./port-choice.ts";
import { step, type Way } from "./step.ts";
import { idleRemark, toPods } from "./to-pods.ts";
import { noWayIn, waysIntoPods } from "./ways-in.ts";
import type { World } from "./world.ts";

/** Ways to pods or a workload, asked directly. */
export function podWays(world: World, ask: Ask, end: TraceEnd, pods: readonly Pod[]): readonly Way[] {
  const remarks = [idleRemark(pods), readinessRemark(world.facts, pods)].filter(
    (remark) => remark !== undefined,
  );
  const { port, protocol } = ask;
  if (typeof port === "string") {
    const byNumber = namedPodPorts(pods, port, protocol);
    if (byNumber.size === 0) return [way([{ steps: [noSuchName(pods, end, port)], who: {} }])];
    const ways = [...byNumber].map(([number, members]) => onPort(world, ask, end, members, number, remarks));
    // One name is one question, whatever numbers pods have for it.
    const [first] = ways[0] ?? [];
    return first === undefined ? [] : [{ ...first, paths: ways.flatMap(([one]) => one?.paths ?? []) }];
  }
  if (port !== undefined) return onPort(world, ask, end, pods, port, remarks);
  return openPodPorts(world, pods, protocol).flatMap(({ number, words }) =>
    onPort(world, ask, end, pods, number, remarks).map((each) => ({
      ...each,
      words: words ?? each.words,
      port: words === undefined ? number : undefined,
    })),
  );
}

function noSuchName(pods: readonly Pod[], end: TraceEnd, name: string) {
  const names = [
    ...new Set(pods.flatMap((pod) => declaredPorts(pod).flatMap(({ port }) => port.name ?? []))),
  ].sort();
  const nearest = nearestOf(name, names);
  return step({
    slot: "direct:destination",
    kind: "destination",
    title: end.name,
    outcome: "block",
    subject: end.object,
    sentence: `no pod of ${end.name} declares a port named ${name}`,
    nearMiss:
      names.length === 0
        ? "they declare no port names"
        : `they declare ${listedUpTo(names, 5)}${nearest === undefined || names.length === 1 ? "" : `; ${nearest} is the closest`}`,
    kubectl:
      pods[0] === undefined
        ? undefined
        : kubectl(
            pods[0].namespace,
            "get",
            "pods",
            "-o",
            "custom-columns=POD:.metadata.name,PORTS:.spec.containers[*].ports[*].name",
          ),
  });
}

function onPort(
  world: World,
  ask: Ask,
  end: TraceEnd,
  pods: readonly Pod[],
  port: number,
  remarks: readonly string[],
): readonly Way[] {
  const { source, protocol } = ask;
  const services =
    source.kind === "internet" || source.kind === "addresses" ? servicesOver(world.facts, pods) : [];
  const senders = source.senders({
    byNode: false,
    cuts: [
      ...cutsOver(world, source, [...pods, ...proxyPods(world, services)]),
      ...services.flatMap(sourceRanges),
    ],
  });
  const isFar = (sender: (typeof senders)[number]) => isFromInternet(sender) && !pods.some(hasPublicAddress);
  const direct = senders
    .filter((sender) => !isFar(sender))
    .flatMap((sender) =>
      from(
        sender,
        toPods(
          world,
          sender.party,
          { pods, port, protocol, name: end.name, leg: "direct" },
          sender.party.kind !== "pods" || sender.party.pods[0].hostNetwork,
        ),
      ),
    );
  const routed = senders.some((sender) => isOutside(sender) && !isFar(sender))
    ? ["whether the network around the cluster leads from there to pods is not in the cluster"]
    : [];
  const all = { port, remarks: [...remarks, ...routed] };
  const far = senders.filter(isFar);
  if (far.length === 0) return [way(direct, all)];
  const ins = waysIntoPods(world, pods, port, protocol);
  const nothing = noWayIn(world, { words: end.name, services, pods });
  if (ins.length === 0) return [way([...direct, ...far.flatMap((sender) => from(sender, [nothing]))], all)];
  return ins.map(({ words, go }) =>
    way([...direct, ...far.flatMap((sender) => from(sender, go(sender)))], { ...all, words }),
  );
}

function hasPublicAddress({ ips }: Pod): boolean {
  return ips.some((ip) => {
    const address = parseAddress(ip);
    return address !== undefined && isPublic(address);
  });
}

/** The pods through which requests for these Services come in: their policies look at who sends, too. */
export function proxyPods(world: World, services: readonly ServiceFacts[]): readonly Pod[] {
  const entries = new Set(
    services.flatMap(({ service }) => httpWaysTo(world.facts, service.id).map(({ entry }) => entry)),
  );
  return [...entries].flatMap((entry) => proxyOf(world.facts, entry)?.pods ?? []);
}
