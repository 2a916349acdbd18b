import { type ApiObject, apiObject } from "./cluster/api-object.ts";
import { type Chance, chanceFrom } from "./cluster/chance.ts";
import { entriesOf, entryInfrastructure } from "./cluster/entries.ts";
import { withManagedFields } from "./cluster/managed-fields.ts";
import { machines } from "./cluster/nodes.ts";
import { type App, type ClusterSize, namespaceName, planApps } from "./cluster/plan.ts";
import { podsOf, warningsOf } from "./cluster/pods.ts";
import { allowInto, defaultDeny } from "./cluster/policies.ts";
import { clusterIps, serviceOf } from "./cluster/services.ts";
import { workloadOf } from "./cluster/workloads.ts";

export interface ClusterOptions {
  readonly pods: number;
  /** Default: one for 40 pods. kube-system and edge come on top. */
  readonly namespaces?: number | undefined;
  /** Default: one for 40 pods. A node has room for 250. */
  readonly nodes?: number | undefined;
  /** About how many; default: as many as follow from the pods, one for six. */
  readonly services?: number | undefined;
  /** About how many NetworkPolicies; default: three namespaces of ten have one, and one for each of their apps. */
  readonly policies?: number | undefined;
  /** How many of the apps are broken, from 0 to 1; at least one is. Default: 0.02. */
  readonly broken?: number | undefined;
  /** kubectl leaves them out of what it prints; the API and collectors of bundles do not. Default: left out. */
  readonly managedFields?: "written" | "left-out" | undefined;
  readonly seed?: number | undefined;
}

/**
 * A cluster as its API server would list it, one object after the other, so that one of any size can be read without
 * being held: exactly `pods` pods in workloads with Services, slices, Ingresses, routes and policies, about 10 kB of
 * JSON a pod with managed fields and 5 without. The same options give the same objects, byte for byte.
 */
export function* generateCluster(options: ClusterOptions): Iterable<ApiObject> {
  for (const object of objectsOf(options))
    yield options.managedFields === "written" ? withManagedFields(object) : object;
}

function* objectsOf(options: ClusterOptions): Iterable<ApiObject> {
  const { pods, broken = 0.02, seed = 1 } = options;
  const size: ClusterSize = {
    pods,
    namespaces: options.namespaces ?? Math.max(1, Math.ceil(pods / 40)),
    nodes: options.nodes ?? Math.max(1, Math.ceil(pods / 40)),
    services: options.services,
  };
  const chance = chanceFrom(seed);
  const fleet = machines(chance, size.nodes);
  let turn = 0;
  const machineAt = (at: number) => {
    const machine = fleet[at % fleet.length];
    if (machine === undefined) throw new RangeError("a cluster has at least one node");
    return machine;
  };
  const nextIp = clusterIps();

  const namespaces = Array.from({ length: size.namespaces }, (_, at) => namespaceName(at));
  for (const name of ["default", "edge", "kube-system", ...namespaces]) yield namespaceOf(chance, name);
  for (const machine of fleet) yield machine.object;
  yield* entryInfrastructure(chance);
  const dice = namespaces.map(() => chance.next());
  const apps = planApps(chance, size, broken);
  const share = options.policies === undefined ? 0.3 : options.policies / (namespaces.length + apps.length);
  const guarded = new Set(namespaces.filter((_, at) => (dice[at] ?? 1) < share));
  for (const namespace of guarded) yield defaultDeny(chance, namespace);

  for (const app of apps) {
    const { objects, owner } = workloadOf(chance, app);
    yield* objects;
    const made = [];
    // A DaemonSet has one pod a node; the others' pods go on from where the last app's ended.
    const first = app.kind === "DaemonSet" ? 0 : turn;
    for (const pod of podsOf(chance, app, owner, (at) => machineAt(first + at))) {
      made.push(pod);
      yield pod.object;
      yield* warningsOf(chance, pod);
    }
    if (app.kind !== "DaemonSet") turn += app.replicas;
    if (app.served) yield* serviceOf(chance, app, made, nextIp);
    yield* entriesOf(chance, app);
    if (guarded.has(app.namespace) || isAboutPolicy(app)) yield allowInto(chance, app);
  }
}

function isAboutPolicy({ fault }: App): boolean {
  return fault === "policy-selects-nothing" || fault === "policy-peer-matches-nothing";
}

function namespaceOf(chance: Chance, name: string): ApiObject {
  return apiObject(chance, {
    apiVersion: "v1",
    kind: "Namespace",
    name,
    labels: { "kubernetes.io/metadata.name": name },
    ageSeconds: 8_000_000,
    body: { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } },
  });
}
