import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { Cidr } from "../cidr.ts";
import { blocksOver } from "../policy/blocks-over.ts";
import { isOfInternet } from "./outside.ts";
import type { Sender, Source } from "./source.ts";
import type { Path, Way } from "./step.ts";
import type { World } from "./world.ts";

/** A question whose source was found, on its way to a target. */
export interface Ask {
  readonly source: Source;
  readonly port: number | string | undefined;
  readonly protocol: Protocol;
}

export function isOutside({ party }: Sender): boolean {
  return party.kind === "outside" || party.kind === "unseen";
}

export function isFromInternet({ party }: Sender): boolean {
  return isOfInternet(party);
}

/** Blocks between which the verdict of policies over these pods may change; only senders outside are told apart by them. */
export function cutsOver(
  { policies, classOf }: World,
  { kind }: Source,
  pods: readonly Pod[],
): readonly Cidr[] {
  if (kind !== "addresses" && kind !== "internet") return [];
  const alike = new Map(pods.map((pod) => [classOf(pod), pod]));
  return blocksOver(policies, [...alike.values()], "ingress");
}

/** The paths of one sender, told by who it is. */
export function from({ party, who }: Sender, paths: readonly Path[]): readonly Path[] {
  const blocks =
    party.kind === "outside" && party.hostname === undefined && party.label === undefined
      ? party.blocks
      : undefined;
  return paths.map((path) => ({
    ...path,
    blocks: path.blocks ?? blocks,
    who: who === "" ? path.who : { ...path.who, source: who },
  }));
}

export function way(paths: readonly Path[], more: Partial<Way> = {}): Way {
  return { words: "", remarks: [], ...more, paths };
}
