import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { BackendFact, Facts, ServiceFacts } from "../facts.ts";
import { proxyOf } from "../routing/proxies.ts";
import { type World, worldOf } from "../trace/world.ts";
import { type BetweenPods, betweenPods } from "./between-pods.ts";
import { type Refusal, refusalOf } from "./refusals.ts";
import { listedPort, podsBehind } from "./service-pods.ts";

/** A backend of an Ingress or a route whose pods policies keep from the pods of the controller or Gateway in front. */
export interface EntryRefusal {
  readonly kind: "refused";
  readonly refusal: Refusal;
  /** The Ingress, or the route. */
  readonly from: ObjectId;
  /** The Ingress again, or the Gateway. */
  readonly entry: ObjectId;
  readonly backend: BackendFact;
  readonly service: ObjectId;
  /** The pods in front. */
  readonly proxies: readonly Pod[];
  /** The pods behind. */
  readonly pods: readonly Pod[];
}

export interface UndecidedEntry {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
  /** Nothing that was read tells which pods serve the entry. */
  readonly withoutProxy: boolean;
}

const known = new WeakMap<Facts, readonly (EntryRefusal | UndecidedEntry)[]>();

/**
 * In the order of the entries. What a controller has to answer by itself, and what no pod serves, is left out. Worked out
 * once, whoever asks.
 */
export function* entryRefusals(facts: Facts): Iterable<EntryRefusal | UndecidedEntry | undefined> {
  const before = known.get(facts);
  if (before !== undefined) {
    yield* before;
    return;
  }
  const refusals: (EntryRefusal | UndecidedEntry)[] = [];
  for (const each of judgeEntries(facts)) {
    if (each !== undefined) refusals.push(each);
    yield each;
  }
  known.set(facts, refusals);
}

/** Undefined now and then, so that others may run. */
function* judgeEntries(facts: Facts): Iterable<EntryRefusal | UndecidedEntry | undefined> {
  const world = worldOf(facts);
  const answers = new Map<string, Meeting>();
  for (const { from, entry, backends } of entriesOf(facts)) {
    yield;
    const proxy = proxyOf(facts, entry);
    if (proxy === undefined) {
      yield { kind: "undecided", doubts: [], withoutProxy: true };
      continue;
    }
    const senders = [...new Set(proxy.pods.map(world.classOf))].sort().join("\n");
    for (const backend of backends) {
      const service = backend.service === undefined ? undefined : facts.services.get(backend.service);
      if (service === undefined || backend.weight === 0) continue;
      const key = `${senders}\n${service.service.id} ${backend.servicePort}`;
      const met = answers.get(key) ?? meet(world, proxy.pods, service, backend.servicePort);
      answers.set(key, met);
      if (met.answer.is === "undecided")
        yield { kind: "undecided", doubts: met.answer.doubts, withoutProxy: false };
      if (met.refusal === undefined) continue;
      yield {
        kind: "refused",
        refusal: met.refusal,
        from,
        entry,
        backend,
        service: service.service.id,
        proxies: proxy.pods,
        pods: met.pods,
      };
    }
  }
}

interface Entry {
  readonly from: ObjectId;
  readonly entry: ObjectId;
  readonly backends: readonly BackendFact[];
}

function* entriesOf({ ingresses, routes }: Facts): Iterable<Entry> {
  for (const [id, { backends }] of ingresses) yield { from: id, entry: id, backends };
  for (const [id, { attachments, backends }] of routes)
    for (const { parent, state } of attachments)
      if (state === "attached" && parent !== undefined) yield { from: id, entry: parent, backends };
}

interface Meeting {
  readonly answer: BetweenPods;
  readonly refusal: Refusal | undefined;
  readonly pods: readonly Pod[];
}

/** Controllers and Gateways send to the endpoints themselves, or to the Service: policies see the same packet. */
function meet(
  world: World,
  proxies: readonly Pod[],
  service: ServiceFacts,
  asked: number | string | undefined,
): Meeting {
  const nothing: Meeting = { answer: { is: "nothing" }, refusal: undefined, pods: [] };
  const fact = service.ports.find(({ port }) => port.port === asked || port.name === asked);
  if (fact === undefined || service.backing === "external-name") return nothing;
  const { port } = fact;
  const behind = podsBehind(world, service) ?? [];
  const byNumber = Map.groupBy(behind, (each) => listedPort(service, each, port));
  const refused: {
    readonly refusal: Refusal;
    readonly pods: readonly Pod[];
    readonly answer: BetweenPods;
  }[] = [];
  for (const [number, landed] of byNumber) {
    if (number === undefined) continue;
    const pods = landed.map(({ pod }) => pod);
    const answer = betweenPods(world, proxies, pods, { port: number, protocol: port.protocol });
    if (answer.is !== "shut") return { answer, refusal: undefined, pods };
    const { packet, verdict } = answer;
    const side = verdict.ingress.decision === "denied" ? verdict.ingress : verdict.egress;
    const refusal = refusalOf(world, packet, side, { servicePorts: [port.port] });
    if (refusal !== undefined) refused.push({ refusal, pods, answer });
  }
  const [first] = refused;
  return first === undefined ? nothing : { ...first, pods: refused.flatMap(({ pods }) => pods) };
}
