import type { Pod } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import type { Cidr } from "../cidr.ts";
import type { CompiledPolicies } from "./compile-policies.ts";

/** Every block of addresses that policies over these pods name for the other end: between them verdicts do not change. */
export function blocksOver(
  policies: CompiledPolicies,
  pods: readonly Pod[],
  direction: Direction,
): readonly Cidr[] {
  const blocks = new Map<string, Cidr>();
  const add = (block: Cidr) => void blocks.set(block.text, block);
  for (const pod of pods) {
    const { isolating, admin, baseline } = policies.selection(pod, direction);
    for (const compiled of isolating) {
      for (const { peers } of compiled[direction] ?? []) {
        for (const peer of peers) if (peer.kind === "ip-block") [peer.block, ...peer.except].forEach(add);
      }
    }
    for (const group of [...admin, ...baseline].flat(2)) {
      for (const { peers } of group.compiled[direction]) {
        for (const peer of peers) if (peer.kind === "networks") peer.blocks.forEach(add);
      }
    }
  }
  return [...blocks.values()];
}
