import { useEffect, useRef, useState } from "react";
import type { PlacedNode } from "#lib/model/graph.ts";

/** So long is what changed marked. */
const markedMs = 2_500;

/** Ids of nodes that say another thing now than they did a moment ago. What is drawn anew is no change of its own. */
export function useChanged(nodes: readonly PlacedNode[]): ReadonlySet<string> {
  const [changed, setChanged] = useState<ReadonlySet<string>>(nothing);
  const before = useRef(new Map<string, string>());
  useEffect(() => {
    const now = new Map(nodes.map((node) => [node.id, saidBy(node)]));
    const others = changedBetween(before.current, now);
    before.current = now;
    if (others.length === 0) return;
    setChanged((marked) => new Set([...marked, ...others]));
  }, [nodes]);
  useEffect(() => {
    if (changed.size === 0) return;
    const timer = setTimeout(() => setChanged(nothing), markedMs);
    return () => clearTimeout(timer);
  }, [changed]);
  return changed;
}

const nothing: ReadonlySet<string> = new Set();

function saidBy({ health, line, missing }: PlacedNode): string {
  return `${health} ${missing === true} ${line}`;
}

export function changedBetween(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  return [...now].filter(([id, said]) => (before.get(id) ?? said) !== said).map(([id]) => id);
}
