/** Questions with thousands of senders are asked part by part, so that whoever runs them can let others run in between. */
import type { Pod } from "#lib/model/objects.ts";
import { counted } from "../object-words.ts";
import type { Ask } from "./ask.ts";
import { podKey } from "./landing.ts";
import { openPodPorts } from "./port-choice.ts";
import type { Sender, Source } from "./source.ts";
import type { Way } from "./step.ts";
import type { Target } from "./target.ts";
import { waysFor } from "./ways.ts";
import type { World } from "./world.ts";

/** Senders of one part, and kinds of pods of one: some milliseconds of work. */
const most = 25;

/** The ways of all parts together; a step a part. */
export function* waysInParts(world: World, ask: Ask, target: Target): Generator<undefined, readonly Way[]> {
  const found: (readonly Way[])[] = [];
  const { targets, remarks } = targetParts(world, ask, target);
  for (const [i, some] of targets.entries()) {
    const parts = partsOf(ask.source);
    for (let part = 0; part < parts.count(); part++) {
      if (i + part > 0) yield;
      found.push(waysFor(world, { ...ask, source: parts.at(part) }, some));
    }
  }
  const ways = found.length === 1 ? (found[0] ?? []) : joined(found);
  return remarks.length === 0 ? ways : ways.map((way) => ({ ...way, remarks: [...way.remarks, ...remarks] }));
}

/** Of very many pods so many of their ports are asked where a question names none. */
const mostPorts = 6;

interface TargetParts {
  readonly targets: readonly Target[];
  readonly remarks: readonly string[];
}

/** Addresses that hold very many pods, a part of the kinds of pods each; what else has them goes with the first. */
function targetParts(world: World, { port, protocol }: Ask, target: Target): TargetParts {
  if (target.kind !== "addresses" || target.pods.length <= most) return { targets: [target], remarks: [] };
  const kinds = new Map<string, Pod[]>();
  for (const pod of target.pods) {
    const key = podKey(world, pod, false);
    kinds.set(key, [...(kinds.get(key) ?? []), pod]);
  }
  const all = [...kinds.values()];
  const open = typeof port === "number" ? [] : openPodPorts(world, target.pods, protocol);
  const ports = typeof port === "number" ? undefined : open.slice(0, mostPorts);
  const left = open.length - mostPorts;
  const targets: Target[] = [];
  for (let at = 0; at < all.length; at += most) {
    const pods = all.slice(at, at + most).flat();
    const rest = at === 0 ? {} : { nodes: [], blocks: [] };
    targets.push({ ...target, ports, ...rest, pods });
  }
  const untold = `${counted(left, "more port")} that pods there declare ${left === 1 ? "is" : "are"} not asked; name one to ask it`;
  return { targets, remarks: left > 0 ? [untold] : [] };
}

interface Parts {
  at(part: number): Source;
  /** Known once the first part was asked. */
  count(): number;
}

/** What needs a target has of its senders is the same for each part, so they are told apart once. */
function partsOf(source: Source): Parts {
  let all: readonly Sender[] | undefined;
  return {
    at: (part) => ({
      ...source,
      whole: source,
      senders(needs) {
        all ??= source.senders(needs);
        return all.length <= most ? all : all.slice(part * most, (part + 1) * most);
      },
    }),
    count: () => Math.max(1, Math.ceil((all?.length ?? 0) / most)),
  };
}

/** A way that has no words is one for which there was nothing to choose: its paths are part of every other. */
function joined(parts: readonly (readonly Way[])[]): readonly Way[] {
  const named = new Map<string, Way>();
  for (const way of parts.flat())
    if (way.words !== "") named.set(keyOf(way), { ...way, paths: [], remarks: [] });
  const plain = parts.flat().filter(({ words }) => words === "");
  if (named.size === 0) {
    const byPort = new Map<string, readonly Way[]>();
    for (const way of plain) byPort.set(keyOf(way), [...(byPort.get(keyOf(way)) ?? []), way]);
    return [...byPort.values()].flatMap((ways) => together(ways) ?? []);
  }
  return [...named].flatMap(
    ([key, head]) =>
      together([
        head,
        ...parts.flatMap((ways) => {
          const own = ways.filter((way) => keyOf(way) === key);
          return own.length > 0 ? own : ways.filter(({ words }) => words === "");
        }),
      ]) ?? [],
  );
}

function keyOf({ words, port, portWords }: Way): string {
  return `${words} ${port} ${portWords}`;
}

function together(ways: readonly Way[]): Way | undefined {
  const [first] = ways;
  if (first === undefined) return undefined;
  return {
    ...first,
    paths: ways.flatMap(({ paths }) => paths),
    remarks: [...new Set(ways.flatMap(({ remarks }) => remarks))],
  };
}
