import type { Pod } from "#lib/model/objects.ts";
import type { TraceEnd } from "#lib/model/trace.ts";
import type { ServiceFacts } from "../facts.ts";
import { httpWaysTo } from "../routing/http-ways-to.ts";
import { proxyOf, servicesOver } from "../routing/proxies.ts";
import { type Ask, cutsOver, from, isFromInternet, isOutside, way } from "./ask.ts";
import { readinessRemark } from "./destination-step.ts";
import { balancerRanges } from "./entry.ts";
import { isPublicText } from "./outside.ts";
import { placesOf } from "./places.ts";
import { namedPodPorts, openPodPorts } from "./port-choice.ts";
import type { Way } from "./step.ts";
import type { Target } from "./target.ts";
import { idleRemark, toPods } from "./to-pods.ts";
import { noWayIn, waysIntoPods } from "./ways-in.ts";
import type { World } from "./world.ts";

/** Ways to pods or a workload, asked directly. */
export function podWays(world: World, ask: Ask, end: TraceEnd, to: PodsTarget): readonly Way[] {
  const { port, protocol } = ask;
  const { pods, absent } = to;
  const remarks = [
    absent === undefined ? idleRemark(pods) : undefined,
    readinessRemark(world.facts, pods, end.object),
  ].filter((remark) => remark !== undefined);
  if (port !== undefined) return onPort(world, ask, end, to, port, remarks);
  return openPodPorts(world, pods, protocol).flatMap(({ number, words }) =>
    onPort(world, ask, end, to, number, remarks).map((each) => ({
      ...each,
      port: number,
      portWords: words,
    })),
  );
}

type PodsTarget = Pick<Extract<Target, { kind: "pods" }>, "pods" | "absent" | "family">;

function onPort(
  world: World,
  ask: Ask,
  end: TraceEnd,
  { pods, absent, family }: PodsTarget,
  port: number | string,
  remarks: readonly string[],
): readonly Way[] {
  const { source, protocol } = ask;
  const services =
    source.kind === "internet" || source.kind === "addresses" ? servicesOver(world.facts, pods) : [];
  const senders = source.senders({
    byNode: false,
    places: placesOf(pods),
    cuts: [
      ...cutsOver(world, source, [...pods, ...proxyPods(world, services)]),
      ...services.flatMap(balancerRanges),
    ],
  });
  const to = { pods, port, protocol, name: end.name, subject: end.object, absent, family, leg: "direct" };
  const isFar = (sender: (typeof senders)[number]) =>
    isFromInternet(sender) && !pods.some(({ ips }) => ips.some(isPublicText));
  const direct = senders
    .filter((sender) => !isFar(sender))
    .flatMap((sender) => from(sender, toPods(world, sender.party, to)));
  const routed = senders.some((sender) => isOutside(sender) && !isFar(sender))
    ? ["whether the network around the cluster leads from there to pods is not in the cluster"]
    : [];
  const number = typeof port === "number" ? port : undefined;
  const all = { port: number, remarks: [...remarks, ...routed] };
  const far = senders.filter(isFar);
  if (far.length === 0) return [way(direct, all)];
  const numbers = number === undefined ? [...namedPodPorts(pods, `${port}`, protocol).keys()] : [number];
  const ins = numbers.flatMap((each) => waysIntoPods(world, pods, each, protocol));
  const nothing = noWayIn(world, { words: end.name, services, pods, port: number });
  if (ins.length === 0) return [way([...direct, ...far.flatMap((sender) => from(sender, [nothing]))], all)];
  return ins.map(({ words, remarks: own = [], go }) =>
    way([...direct, ...far.flatMap((sender) => from(sender, go(sender)))], {
      ...all,
      words,
      remarks: [...all.remarks, ...own],
    }),
  );
}

/** The pods through which requests for these Services come in: their policies look at who sends, too. */
export function proxyPods(world: World, services: readonly ServiceFacts[]): readonly Pod[] {
  const entries = new Set(
    services.flatMap(({ service }) => httpWaysTo(world.facts, service.id).map(({ entry }) => entry)),
  );
  return [...entries].flatMap((entry) => proxyOf(world.facts, entry)?.pods ?? []);
}
