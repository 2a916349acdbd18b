import { type Chance, chanceFrom } from "../cluster/chance.ts";
import type { PutObject } from "./commands.ts";

/** The server's objects, as far as a churn changes them. */
export interface ChurnTarget {
  keys(resource: string): readonly string[];
  read(resource: string, key: string): Buffer | undefined;
  put(resource: string, key: string, object: PutObject): void;
}

interface PodJson extends PutObject {
  status?: {
    conditions?: { type: string; status: string; lastTransitionTime: string }[];
    containerStatuses?: { ready: boolean }[];
  };
}
interface SliceJson extends PutObject {
  endpoints: { targetRef?: { name: string }; conditions: { ready: boolean; serving: boolean } }[];
}

const tickMs = 50;
/** At most one of so many pods is not ready by this at a time: however long it lasts, the cluster stays as it is. */
const onePerDown = 150;

/**
 * Pods chosen by chance become not ready and ready again, and their EndpointSlices follow, as in a cluster whose
 * workloads are rolled out. Counts changes of pods; those of slices come on top.
 */
export class Churn {
  readonly #target: ChurnTarget;
  #timer: NodeJS.Timeout | undefined;
  #slicesOf: ReadonlyMap<string, string> | undefined;
  /** Those that are not ready by this, longest first. */
  readonly #down = new Set<string>();

  constructor(target: ChurnTarget) {
    this.#target = target;
  }

  start(perSecond: number, seed: number): void {
    this.stop();
    const chance = chanceFrom(seed);
    this.#slicesOf ??= this.#findSlices();
    const slicesOf = this.#slicesOf;
    const startMs = performance.now();
    let made = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
      for (; made < due; made++) this.#turn(chance, slicesOf);
    }, tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turn(chance: Chance, slicesOf: ReadonlyMap<string, string>): void {
    const keys = this.#target.keys("pods");
    const [longest] = this.#down;
    const isFull = this.#down.size >= Math.max(1, keys.length / onePerDown);
    const key = isFull ? longest : keys[chance.below(keys.length)];
    if (isFull && longest !== undefined) this.#down.delete(longest);
    const text = key === undefined ? undefined : this.#target.read("pods", key);
    if (key === undefined || text === undefined) return;
    const pod: PodJson = { apiVersion: "v1", kind: "Pod", ...JSON.parse(text.toString()) };
    const { conditions = [], containerStatuses = [] } = pod.status ?? {};
    const ready = conditions.find(({ type }) => type === "Ready")?.status !== "True";
    if (ready) this.#down.delete(key);
    else this.#down.add(key);
    const time = new Date().toISOString().replace(/\.\d+/, "");
    for (const condition of conditions) {
      if (condition.type !== "Ready" && condition.type !== "ContainersReady") continue;
      condition.status = ready ? "True" : "False";
      condition.lastTransitionTime = time;
    }
    for (const container of containerStatuses.slice(0, 1)) container.ready = ready;
    this.#target.put("pods", key, pod);

    const sliceKey = slicesOf.get(key);
    const sliceText = sliceKey === undefined ? undefined : this.#target.read("endpointslices", sliceKey);
    if (sliceKey === undefined || sliceText === undefined) return;
    const slice: SliceJson = {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      ...JSON.parse(sliceText.toString()),
    };
    for (const { targetRef, conditions } of slice.endpoints) {
      if (targetRef?.name !== pod.metadata.name) continue;
      conditions.ready = ready;
      conditions.serving = ready;
    }
    this.#target.put("endpointslices", sliceKey, slice);
  }

  #findSlices(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const key of this.#target.keys("endpointslices")) {
      const text = this.#target.read("endpointslices", key);
      if (text === undefined) continue;
      const slice: SliceJson = JSON.parse(text.toString());
      for (const { targetRef } of slice.endpoints)
        if (targetRef !== undefined) found.set(`${key.split("/")[0]}/${targetRef.name}`, key);
    }
    return found;
  }
}
