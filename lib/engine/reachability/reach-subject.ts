import type { Pod } from "#lib/model/objects.ts";
import type { ReachDirection } from "#lib/model/reach.ts";
import type { QuestionProblem, TraceEnd } from "#lib/model/trace.ts";
import type { PortFact, ServiceFacts } from "../facts.ts";
import { isFinished, isTerminating } from "../pod-readiness.ts";
import { targetPortOn } from "../target-port.ts";
import type { EndRef } from "../trace/question.ts";
import { resolveObject } from "../trace/resolve-end.ts";
import type { World } from "../trace/world.ts";
import { classesOf, portsOf, protocolsOf } from "./matrix-ends.ts";
import type { ReachPort } from "./reach-pairs.ts";

/** What is asked about: a workload, a pod, or the pods behind a Service. */
export interface ReachSubject {
  readonly end: TraceEnd;
  readonly senders: readonly (readonly [Pod, ...Pod[]])[];
  readonly ports: readonly ReachPort[];
  /** Why there is nothing to ask: then there are no senders and no ports. */
  readonly nothing?: string | undefined;
  readonly notes: readonly string[];
}

export type ReachSubjectResult =
  | { readonly kind: "subject"; readonly subject: ReachSubject }
  | { readonly kind: "problem"; readonly problem: QuestionProblem };

export function reachSubject(world: World, ref: EndRef, direction: ReachDirection): ReachSubjectResult {
  const wanted = direction === "to" ? "a Service, a workload or a pod" : "a workload or a pod";
  const no = (sentence: string): ReachSubjectResult => ({
    kind: "problem",
    problem: { field: direction, sentence, nearest: [] },
  });
  if (ref.kind !== "object") return no(`${ref.text} is no object of the cluster; name ${wanted}`);
  const resolved = resolveObject(world.facts, direction, ref.ref);
  if (resolved.kind === "problem") return resolved;
  const { found, end } = resolved;
  switch (found.kind) {
    case "node":
      return no(`${end.text} is a node, which no policy limits; name ${wanted}`);
    case "service":
      return direction === "from"
        ? no(`${end.text} is a Service, which sends no packets; name ${wanted}`)
        : { kind: "subject", subject: serviceSubject(world, end, found.service) };
    case "pods":
      return { kind: "subject", subject: podSubject(world, end, found.pods) };
  }
}

function podSubject(world: World, end: TraceEnd, all: readonly Pod[]): ReachSubject {
  const pods = all.filter((pod) => !isFinished(pod));
  if (pods.length === 0) return { ...empty(end), nothing: `${end.name} has no pod at the moment` };
  return {
    end,
    senders: classesOf(world, pods),
    ports: protocolsOf(pods).flatMap((protocol) => portsOf(world, pods, protocol)),
    notes: [],
  };
}

function empty(end: TraceEnd): ReachSubject {
  return { end, senders: [], ports: [], notes: [] };
}

function serviceSubject(world: World, end: TraceEnd, service: ServiceFacts): ReachSubject {
  if (service.backing === "external-name")
    return { ...empty(end), nothing: "an ExternalName is only a DNS alias: no policy stands here" };
  const pods = podsBehind(world, service);
  if (pods === undefined)
    return { ...empty(end), nothing: "its pods could not be read, so who may reach them is not known" };
  if (pods.length === 0)
    return {
      ...empty(end),
      nothing:
        service.endpoints.length > 0
          ? "its endpoints are no pods of this cluster: no policy of it guards them"
          : "no pod stands behind it at the moment, so who could reach one cannot be told",
    };
  const ports = service.ports.map((port) => servicePort(world, port, pods));
  const missing = ports.filter(({ landings }) => landings.length === 0).map(({ label }) => label);
  return {
    ...empty(end),
    ports: ports.filter(({ landings }) => landings.length > 0),
    notes: missing.map((label) => `port ${label} lands on no pod: its target port has no number there`),
  };
}

function podsBehind({ facts }: World, service: ServiceFacts): readonly Pod[] | undefined {
  if (service.backing === "selector") {
    const staying = service.selected?.filter((pod) => !isTerminating(pod)) ?? [];
    return staying.length > 0 ? staying : service.selected;
  }
  if (facts.snapshot.objects.pods === undefined || service.source === "unknown") return undefined;
  return service.endpoints.flatMap(({ pod }) => {
    const object = pod === undefined ? undefined : facts.index.byId.get(pod);
    return object?.kind === "pod" ? [object] : [];
  });
}

function servicePort(world: World, { port }: PortFact, pods: readonly Pod[]): ReachPort {
  const byNumber = new Map<number, Pod[]>();
  for (const pod of pods) {
    const { number } = targetPortOn(pod, port);
    if (number === undefined) continue;
    const list = byNumber.get(number);
    if (list === undefined) byNumber.set(number, [pod]);
    else list.push(pod);
  }
  return {
    label: port.protocol === "TCP" ? String(port.port) : `${port.port}/${port.protocol}`,
    protocol: port.protocol,
    landings: [...byNumber].flatMap(([number, landed]) =>
      classesOf(world, landed).map((alike) => ({ pods: alike, number })),
    ),
  };
}
