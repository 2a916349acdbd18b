import type { Pod } from "#lib/model/objects.ts";
import type { ReachDirection } from "#lib/model/reach.ts";
import type { QuestionProblem, TraceEnd } from "#lib/model/trace.ts";
import type { PortFact, ServiceFacts } from "../facts.ts";
import { counted } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import { isHeadless, portInWords } from "../ports.ts";
import type { EndRef } from "../trace/question.ts";
import { type Found, resolveObject } from "../trace/resolve-end.ts";
import type { World } from "../trace/world.ts";
import { hostNetworkNotes } from "./host-network-note.ts";
import { classesOf, portsOf, protocolsOf } from "./matrix-ends.ts";
import type { ReachPort } from "./reach-pairs.ts";
import { familiesOfService, podsBehind, type ServicePod } from "./service-pods.ts";
import { servicePortNotes } from "./service-port-notes.ts";

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
      return { kind: "subject", subject: podSubject(world, end, found, direction) };
  }
}

function podSubject(
  world: World,
  end: TraceEnd,
  { pods: all, absent }: Extract<Found, { kind: "pods" }>,
  direction: ReachDirection,
): ReachSubject {
  const pods = all.filter((pod) => !isFinished(pod));
  if (pods.length === 0) return nothingAsked(end, `${end.name} has no pod at the moment`);
  return {
    end,
    senders: classesOf(world, pods),
    ports: protocolsOf(pods).flatMap((protocol) => portsOf(world, pods, protocol)),
    notes: [
      ...(absent === undefined
        ? []
        : [
            absent.isUnread
              ? "its pods could not be read: this is of those that its template describes"
              : `it has no pod at the moment (${absent.why}): this is of those that its template describes`,
          ]),
      ...hostNetworkNotes(world, pods, direction),
    ],
  };
}

function nothingAsked(end: TraceEnd, nothing: string): ReachSubject {
  return { end, senders: [], ports: [], notes: [], nothing };
}

function serviceSubject(world: World, end: TraceEnd, service: ServiceFacts): ReachSubject {
  if (service.backing === "external-name")
    return nothingAsked(end, "an ExternalName is only a DNS alias: no policy stands here");
  const behind = podsBehind(world, service);
  if (behind === undefined)
    return nothingAsked(
      end,
      "which pods stand behind it could not be read, so who may reach them is not known",
    );
  const elsewhere = service.endpoints.filter(({ pod }) => pod === undefined).length;
  if (behind.length === 0) {
    return nothingAsked(
      end,
      elsewhere > 0
        ? "its endpoints are no pods of this cluster: no policy of it guards them"
        : "no pod stands behind it at the moment, so who could reach one cannot be told",
    );
  }
  const pods = behind.map(({ pod }) => pod);
  const asked = service.ports.map((fact) => ({ fact, landsOn: servicePort(world, fact, behind) }));
  const ports = asked.filter(({ landsOn }) => landsOn.landings.length > 0);
  const lost = asked
    .filter(({ landsOn }) => landsOn.landings.length === 0)
    .map(({ landsOn }) => `port ${landsOn.label} lands on no pod: its target port has no number there`);
  // A headless Service may list no ports: it only gives addresses.
  const unlisted =
    service.ports.length === 0 && isHeadless(service.service)
      ? protocolsOf(pods).flatMap((protocol) => portsOf(world, pods, protocol))
      : [];
  const families = familiesOfService(service);
  if (ports.length + unlisted.length === 0) return nothingAsked(end, lost[0] ?? "it has no ports");
  return {
    end,
    senders: [],
    ports: [...ports.map(({ landsOn }) => landsOn), ...unlisted].map((port) => ({ ...port, families })),
    notes: [
      ...lost,
      ...ports.flatMap(({ fact, landsOn }) => servicePortNotes(world, fact.port, landsOn)),
      ...hostNetworkNotes(world, pods, "to"),
      ...elsewhereNotes(elsewhere),
    ],
  };
}

function elsewhereNotes(endpoints: number): readonly string[] {
  if (endpoints === 0) return [];
  const [are, them] = endpoints === 1 ? ["is no pod", "that one"] : ["are no pods", "those"];
  return [`${counted(endpoints, "endpoint")} of it ${are} of this cluster: no policy of it guards ${them}`];
}

/** Where packets to a port land, by the pods' own numbers. */
function servicePort(world: World, { port }: PortFact, behind: readonly ServicePod[]): ReachPort {
  const byNumber = new Map<number, Pod[]>();
  for (const { pod, numberOf } of behind) {
    const number = numberOf(port);
    if (number === undefined) continue;
    const list = byNumber.get(number);
    if (list === undefined) byNumber.set(number, [pod]);
    else list.push(pod);
  }
  return {
    label: portInWords(port),
    protocol: port.protocol,
    landings: [...byNumber].flatMap(([number, landed]) =>
      classesOf(world, landed).map((alike) => ({ pods: alike, number })),
    ),
  };
}
