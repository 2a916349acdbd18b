import type { Pod } from "#lib/model/objects.ts";
import { counted } from "../object-words.ts";
import { targetPortOn } from "../target-port.ts";
import { takerOf } from "./landing.ts";
import {
  endpointsStep,
  groupLandings,
  headOf,
  kubectlFor,
  type Landed,
  portEvidence,
  type ServiceAsk,
  type ServiceLeg,
  selectorStep,
} from "./service-leg.ts";
import { packetView, step } from "./step.ts";
import type { World } from "./world.ts";

/**
 * To the endpoints of a headless Service: DNS gives clients the addresses of those that are ready, and nothing
 * translates the port, so that any port of the pods may be asked, listed or not.
 */
export function headlessLeg(world: World, ask: ServiceAsk): ServiceLeg {
  const broken = selectorStep(world, ask);
  if (broken !== undefined) return broken;
  const { service, port, sentTo, source, protocol } = ask;
  const landedOn = (ready: "ready" | "any") =>
    service.endpoints
      .filter((endpoint) => ready === "any" || endpoint.ready)
      .map((endpoint): Landed => ({ endpoint, pod: takerOf(world.facts, endpoint), port: port.port.port }));
  const landed = landedOn("ready");
  const choice = {
    endpoints: landed.map(({ endpoint }) => endpoint),
    state: "ready",
    within: "cluster",
  } as const;
  const endpoints = endpointsStep(ask, choice, landed.length);
  const pods = landed.flatMap(({ pod }) => pod ?? []);
  const head = step({
    ...headOf(ask),
    outcome: "pass",
    sentence: `headless: clients take its endpoints' own addresses, on port ${port.port.port}`,
    before: packetView(source, sentTo, protocol),
    evidence: [{ object: service.service.id, path: "spec.clusterIP", value: "None" }, ...portEvidence(ask)],
    remarks: portRemarks(ask, pods),
    kubectl: kubectlFor(ask),
  });
  return {
    steps: [head, endpoints],
    landings:
      landed.length > 0
        ? groupLandings(world, ask, landed, false)
        : endpoints.outcome === "block"
          ? groupLandings(world, ask, landedOn("any"), true)
          : [],
  };
}

function portRemarks(
  { service, port: { port }, index }: ServiceAsk,
  pods: readonly Pod[],
): readonly string[] {
  const { name, ports } = service.service;
  if (index === undefined)
    return ports.length === 0
      ? []
      : [`${name} does not list port ${port.port}, which for a headless Service keeps nobody from it`];
  const numbers = [...new Set(pods.flatMap((pod) => targetPortOn(pod, port).number ?? []))];
  const [only, ...more] = numbers.filter((number) => number !== port.port);
  if (only === undefined) return [];
  return [
    more.length === 0
      ? `nothing translates ${port.port} to ${only} for a headless Service: ask on ${only}`
      : `nothing translates ${port.port} for a headless Service: its pods have ${port.targetPort} on ${counted(numbers.length, "port")}`,
  ];
}
