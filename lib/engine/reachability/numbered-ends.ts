import type { Pod, Protocol } from "#lib/model/objects.ts";
import { type Family, familiesOf } from "../trace/party.ts";
import type { World } from "../trace/world.ts";
import type { MatrixEnd, MatrixLanding } from "./matrix-ends.ts";
import type { Slot } from "./policy-grid.ts";

/** Workloads with what policies cannot tell apart numbered once, so that alike rows and columns are worked out once. */
export interface NumberedEnds {
  /** One pod for each class whose pods are not on their node's network. */
  readonly classes: readonly Pod[];
  readonly slots: readonly Slot[];
  readonly rows: readonly NumberedRow[];
  readonly columns: readonly NumberedColumn[];
}

export interface NumberedRow {
  readonly senders: readonly NumberedSender[];
  /** Equal for rows that are alike but for their own column; undefined where nodes count. */
  readonly profile: string | undefined;
}

export interface NumberedColumn {
  readonly ports: readonly (readonly NumberedLanding[])[];
  readonly profile: string | undefined;
}

interface Numbered {
  /** Equal for pods that policies cannot tell apart. */
  readonly alike: number;
  readonly pods: readonly [Pod, ...Pod[]];
  readonly families: readonly Family[] | "any";
}

export interface NumberedSender extends Numbered {
  /** Index of its class; undefined for pods on their node's network. */
  readonly number: number | undefined;
}

export interface NumberedLanding extends Numbered {
  readonly port: number;
  readonly protocol: Protocol;
  readonly outcome: MatrixLanding["outcome"];
  /** Index of its slot; undefined for pods on their node's network. */
  readonly slot: number | undefined;
}

/** A step an end. */
export function* numberEnds(
  { classOf }: World,
  ends: readonly MatrixEnd[],
): Generator<undefined, NumberedEnds> {
  const classes: Pod[] = [];
  const classNumbers = new Map<number, number>();
  const keys = new Map<string, number>();
  const slots: Slot[] = [];
  const slotNumbers = new Map<string, number>();

  function classOfPods([pod]: Numbered["pods"], alike: number): number | undefined {
    if (pod.hostNetwork) return undefined;
    const known = classNumbers.get(alike);
    if (known !== undefined) return known;
    classNumbers.set(alike, classes.length);
    return classes.push(pod) - 1;
  }

  function slotOf(of: number | undefined, port: number, protocol: Protocol): number | undefined {
    if (of === undefined) return undefined;
    const key = `${of} ${port} ${protocol}`;
    const known = slotNumbers.get(key);
    if (known !== undefined) return known;
    slotNumbers.set(key, slots.length);
    return slots.push({ of, port, protocol }) - 1;
  }

  function numbered(pods: Numbered["pods"]): Numbered {
    const key = classOf(pods[0]);
    const alike = keys.get(key) ?? keys.size;
    keys.set(key, alike);
    return { alike, pods, families: familiesOf({ kind: "pods", pods }) };
  }

  const rowOf = ({ senders }: MatrixEnd): NumberedRow => {
    const all = senders.map((pods): NumberedSender => {
      const each = numbered(pods);
      return { ...each, number: classOfPods(pods, each.alike) };
    });
    return { senders: all, profile: profileOf(all.map(({ number }) => number)) };
  };
  const columnOf = ({ ports, protocol }: MatrixEnd): NumberedColumn => {
    const all = ports.map(({ number, landings }) =>
      landings.map(({ pods, outcome }): NumberedLanding => {
        const each = numbered(pods);
        const slot = slotOf(classOfPods(pods, each.alike), number, protocol);
        return { ...each, port: number, protocol, outcome, slot };
      }),
    );
    const profiles = all.map((landings) =>
      profileOf(landings.map(({ slot, outcome }) => (slot === undefined ? undefined : `${slot} ${outcome}`))),
    );
    return { ports: all, profile: profileOf(profiles) };
  };
  const rows: NumberedRow[] = [];
  const columns: NumberedColumn[] = [];
  for (const end of ends) {
    rows.push(rowOf(end));
    columns.push(columnOf(end));
    yield;
  }
  return { classes, slots, rows, columns };
}

function profileOf(parts: readonly (string | number | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : `(${parts.join(",")})`;
}
