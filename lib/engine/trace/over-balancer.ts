/** From inside to what a load balancer of machines of its own answers for: out of the cluster and back in. */
import type { Protocol } from "#lib/model/objects.ts";
import { familyOf } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { outsidePaths } from "./address-ways.ts";
import { type Entrance, type EntryTarget, throughEntrance } from "./entry.ts";
import type { Party } from "./party.ts";
import type { ChosenPort } from "./port-choice.ts";
import type { Path, Step } from "./step.ts";
import type { World } from "./world.ts";

/** Where such a load balancer is asked. */
export interface BalancerAddress {
  /** An address or a name; undefined where neither is given. */
  readonly address: string | undefined;
  /** In place of one that is not given. */
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export function overBalancer(
  world: World,
  sender: Party,
  target: EntryTarget,
  chosen: ChosenPort,
  entrance: Entrance,
  at: BalancerAddress,
): readonly Path[] {
  const back = throughEntrance(world, balancerOf(target.service), target, chosen, entrance);
  return leaving(world, sender, at).flatMap((steps) =>
    back.map((path) => ({ ...path, steps: [...steps, ...path.steps] })),
  );
}

/**
 * Whether packets for this address leave for the load balancer: by `ipMode: Proxy` it sends on to the nodes with an
 * address of its own, and no node takes what is for it (LoadBalancerIngress). Behind a name stand such machines, too.
 */
export function isBeyond({ service }: ServiceFacts, address: string): boolean {
  return (service.loadBalancer ?? []).some(
    ({ ip, hostname, ipMode }) => hostname === address || (ip === address && ipMode === "Proxy"),
  );
}

function balancerOf({ service: { id, name } }: ServiceFacts): Party {
  const words = `the load balancer of ${name}`;
  const sentence = `from which addresses ${words} sends is not known, and a policy decides by who sends`;
  return { kind: "unseen", words, doubt: { code: "proxy-not-found", sentence, objects: [id] } };
}

/** What policies say to pods that send to an address outside; nothing for anyone else. */
export function leaving(
  world: World,
  sender: Party,
  { address, host, port, protocol }: BalancerAddress,
): readonly (readonly Step[])[] {
  if (sender.kind !== "pods") return [[]];
  const isIp = address !== undefined && familyOf(address) !== undefined;
  return outsidePaths(world, sender, {
    blocks: isIp ? [address] : [],
    hostname: isIp ? undefined : (address ?? host),
    port,
    protocol,
  }).map(({ steps }) => steps.filter(({ kind, outcome }) => kind !== "destination" || outcome !== "pass"));
}
