import type { ObjectId } from "#lib/model/ids.ts";
import type {
  ClusterObject,
  Event,
  LabelSelector,
  Labels,
  Namespace,
  Pod,
  Service,
  Workload,
} from "#lib/model/objects.ts";

/** Look-ups over a snapshot, built once. What was not read is absent: callers ask `known(snapshot, …)` before concluding. */
export interface ClusterIndex {
  readonly byId: ReadonlyMap<ObjectId, ClusterObject>;
  readonly podsByNamespace: ReadonlyMap<string, readonly Pod[]>;
  readonly servicesByNamespace: ReadonlyMap<string, readonly Service[]>;
  readonly podByIp: ReadonlyMap<string, Pod>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** Every namespace name that any object uses, sorted. */
  readonly namespaceNames: readonly string[];
  /** A pod's top-level owner (Deployment behind ReplicaSet, CronJob behind Job); the pod's own id when nothing owns it. */
  readonly ownerOf: ReadonlyMap<ObjectId, ObjectId>;
  readonly workloads: ReadonlyMap<ObjectId, Workload>;
  readonly workloadsByNamespace: ReadonlyMap<string, readonly Workload[]>;
  /** Warning events about an object, newest first. */
  readonly warnings: ReadonlyMap<ObjectId, readonly Event[]>;
  /** Pods of a namespace (finished ones included) that carry all of these labels. */
  podsSelectedBy(namespace: string, labels: Labels): readonly Pod[];
  podsMatching(namespace: string, selector: LabelSelector): readonly Pod[];
}
