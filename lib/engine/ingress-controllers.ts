/** Ingress controllers by what their makers say of them: what they call themselves, and the labels of their pods. */

import type { ObjectId } from "#lib/model/ids.ts";
import type { Labels, Pod, Workload } from "#lib/model/objects.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { inOneGo } from "./in-one-go.ts";
import { keptFor } from "./kept-for.ts";
import { objectInWords } from "./object-words.ts";
import { isFinished } from "./pod-readiness.ts";
import { labelsInWords, labelsMatch } from "./selector.ts";

export interface IngressController {
  readonly name: "ingress-nginx" | "nginx" | "traefik" | "haproxy" | "contour" | "kong" | "istio";
  /** By what it calls itself in `spec.controller`, or, where no IngressClass was read, the class's name. */
  readonly controller: RegExp;
  /** Of the pods that take requests, by the ways of installing it. */
  readonly labels: readonly Labels[];
  /** In the name or an image of a pod: it may well be one of its own, installed in another way. */
  readonly likeIt: RegExp;
}

const controllers: readonly IngressController[] = [
  {
    name: "ingress-nginx",
    controller: /^(k8s\.io\/ingress-nginx|nginx)$/,
    labels: [
      { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
      { "app.kubernetes.io/name": "rke2-ingress-nginx", "app.kubernetes.io/component": "controller" },
    ],
    likeIt: /ingress.?nginx|nginx.?ingress/i,
  },
  {
    name: "nginx",
    controller: /^nginx\.org\/ingress-controller$/,
    labels: [{ "app.kubernetes.io/name": "nginx-ingress" }],
    likeIt: /nginx.?ingress|nginx-ic/i,
  },
  {
    name: "traefik",
    controller: /^(traefik\.io\/ingress-controller|traefik)$/,
    labels: [{ "app.kubernetes.io/name": "traefik" }],
    likeIt: /traefik/i,
  },
  {
    name: "haproxy",
    controller: /^(haproxy\.org\/ingress-controller.*|haproxy-ingress\.github\.io\/controller|haproxy)$/,
    labels: [
      { "app.kubernetes.io/name": "kubernetes-ingress" },
      { "app.kubernetes.io/name": "haproxy-ingress" },
    ],
    likeIt: /haproxy|kubernetes-ingress/i,
  },
  {
    name: "contour",
    controller: /^(projectcontour\.io\/.+|contour)$/,
    labels: [
      { "app.kubernetes.io/name": "contour", "app.kubernetes.io/component": "envoy" },
      { app: "envoy" },
    ],
    likeIt: /contour/i,
  },
  {
    name: "kong",
    controller: /^(ingress-controllers\.konghq\.com\/kong|kong)$/,
    labels: [{ "app.kubernetes.io/name": "kong" }, { "app.kubernetes.io/component": "app", app: "kong" }],
    likeIt: /kong/i,
  },
  {
    name: "istio",
    controller: /^istio\.io\/ingress-controller$/,
    labels: [{ istio: "ingressgateway" }],
    likeIt: /istio/i,
  },
];

/** Whether it is a known controller, and not this one. */
export function isOtherController(controller: string, name: IngressController["name"]): boolean {
  const known = controllers.find((each) => each.controller.test(controller));
  return known !== undefined && known.name !== name;
}

export interface ControllerPods {
  /** Never empty; finished ones aside. */
  readonly pods: readonly Pod[];
  /** How they were found: "pods of k8s.io/ingress-nginx carry app.kubernetes.io/name=ingress-nginx". */
  readonly because: string;
}

/**
 * The pods of the controller that a class names. Undefined where none is found: it may be one that is not known here, or
 * run outside of the cluster; see `controllerPresence`.
 */
export function controllerPods(index: ClusterIndex, controller: string): ControllerPods | undefined {
  const told = podsByClassFlag(index).get(controller);
  if (told !== undefined) return { pods: told, because: `they run with --${classFlag}=${controller}` };
  for (const labels of controllers.find((known) => known.controller.test(controller))?.labels ?? []) {
    const pods = index.namespaceNames
      .flatMap((namespace) => index.podsSelectedBy(namespace, labels))
      .filter((pod) => !isFinished(pod) && !isOfAnotherClass(pod, controller));
    if (pods.length > 0) return { pods, because: `pods of ${controller} carry ${labelsInWords(labels)}` };
  }
  return undefined;
}

/** ingress-nginx: which IngressClasses are its own, where several run side by side. */
const classFlag = "controller-class";

function isOfAnotherClass(pod: Pod, controller: string): boolean {
  const told = pod.containers.flatMap(({ flags }) => flags?.[classFlag] ?? []);
  // A bare class name says nothing about which of them it is.
  return controller.includes("/") && told.length > 0 && !told.includes(controller);
}

const none: ReadonlyMap<string, readonly Pod[]> = new Map();

/** Live pods by the class that they are told to take. */
function podsByClassFlag(index: ClusterIndex): ReadonlyMap<string, readonly Pod[]> {
  inOneGo(findClassFlags(index));
  return byClassFlag.get(index) ?? none;
}

/** Makes them ready, with pauses in which others may run. */
function* findClassFlags(index: ClusterIndex): Generator<undefined, void> {
  if (byClassFlag.has(index)) return;
  const pods = new Map<string, Pod[]>();
  for (const inNamespace of index.podsByNamespace.values()) {
    for (const { pod, value } of flaggedAmong(inNamespace)) {
      const list = pods.get(value);
      if (list === undefined) pods.set(value, [pod]);
      else list.push(pod);
    }
    yield;
  }
  byClassFlag.set(index, pods);
}

/** Few of a namespace's pods, and most namespaces' pods are the same list from one state to the next. */
const flaggedAmong = keptFor((pods: readonly Pod[]) =>
  pods.flatMap((pod) => {
    const value = classFlagOf(pod);
    return value === undefined || isFinished(pod) ? [] : [{ pod, value }];
  }),
);

function classFlagOf({ containers }: Pod): string | undefined {
  for (const { flags } of containers) {
    const value = flags?.[classFlag];
    if (value !== undefined) return value;
  }
  return undefined;
}

const byClassFlag = new WeakMap<ClusterIndex, ReadonlyMap<string, readonly Pod[]>>();

/**
 * Whether a pod is there to take requests from outside, as far as its labels tell: an Ingress controller's, or one that
 * serves a Gateway (gateway-api GEP-1762).
 */
export function isEntryProxy({ labels }: Pod): boolean {
  return (
    "gateway.networking.k8s.io/gateway-name" in labels ||
    "gateway.envoyproxy.io/owning-gateway-name" in labels ||
    controllers.some((known) => known.labels.some((each) => labelsMatch(each, labels)))
  );
}

/** Whether the controller that a class names runs in the cluster, as far as pods tell. */
export type ControllerPresence =
  | { readonly kind: "runs" }
  /** Nothing here tells its pods: a vendor's own, or one outside of the cluster, as clouds have it. */
  | { readonly kind: "not-known" }
  /** A pod that is called like it; a workload's id, or a bare pod's. */
  | { readonly kind: "may-run"; readonly by: ObjectId }
  /** `idle`: workloads of its own that are scaled to 0. */
  | { readonly kind: "runs-nowhere"; readonly idle: readonly Workload[] };

/** With pauses in which others may run: it may take a look at every pod. */
export function* controllerPresence(
  index: ClusterIndex,
  controller: string,
): Generator<undefined, ControllerPresence> {
  yield* findClassFlags(index);
  if (controllerPods(index, controller) !== undefined) return { kind: "runs" };
  const known = controllers.find((each) => each.controller.test(controller));
  if (known === undefined) return { kind: "not-known" };
  const like = yield* somePodLike(index, known, (pod) => !isOfAnotherClass(pod, controller));
  if (like !== undefined) return { kind: "may-run", by: index.ownerOf.get(like.id) ?? like.id };
  const idle = [...index.workloads.values()].filter(
    ({ desired, template }) =>
      desired === 0 && known.labels.some((each) => labelsMatch(each, template.labels)),
  );
  return { kind: "runs-nowhere", idle: idle.filter(({ owners }) => owners.length === 0) };
}

function* somePodLike(
  index: ClusterIndex,
  known: IngressController,
  isIt: (pod: Pod) => boolean,
): Generator<undefined, Pod | undefined> {
  const likeAmong = podsLike(known);
  for (const pods of index.podsByNamespace.values()) {
    const found = likeAmong(pods).find(isIt);
    if (found !== undefined) return found;
    yield;
  }
  return undefined;
}

/** The pods among some that are called like a controller and have not finished. */
const podsLike = keptFor((known: IngressController) =>
  keptFor((pods: readonly Pod[]) => pods.filter((pod) => isLike(known, pod))),
);

function isLike({ likeIt: name }: IngressController, pod: Pod): boolean {
  if (isFinished(pod)) return false;
  return name.test(pod.name) || pod.containers.some(({ image }) => image !== undefined && name.test(image));
}

/** Who takes Ingresses that name no class. */
export type ClasslessTaker =
  /** It is set to do so. A workload's id, or a bare pod's. */
  | { readonly kind: "set-to"; readonly taker: ObjectId }
  /** It does by itself, unless it is told otherwise by what is not read. `words`: "deployment/traefik". */
  | { readonly kind: "by-default"; readonly words: string };

/** Undefined: nobody is known to; a controller that is not known here may all the same. */
export function takerOfClassless(snapshot: Snapshot, index: ClusterIndex): ClasslessTaker | undefined {
  const taking = seen(snapshot, "pods").filter((pod) => takesClassless(pod) !== undefined);
  return takerAmong(taking, snapshot, index);
}

/** What a pod says by itself of Ingresses that name no class; undefined for nearly all pods. */
export function takesClassless(pod: Pod): "set-to" | "by-default" | undefined {
  if (isFinished(pod)) return undefined;
  // ingress-nginx, which leaves them alone otherwise.
  if (hasFlag(pod, "watch-ingress-without-class", "true")) return "set-to";
  return takesByDefault(pod) ? "by-default" : undefined;
}

/** The same as `takerOfClassless`, where the pods that take them are known. */
export function takerAmong(
  taking: readonly Pod[],
  snapshot: Snapshot,
  index: ClusterIndex,
): ClasslessTaker | undefined {
  const first = (pods: readonly Pod[]) => pods.map(({ id }) => index.ownerOf.get(id) ?? id).sort()[0];
  const set = first(taking.filter((pod) => takesClassless(pod) === "set-to"));
  if (set !== undefined) return { kind: "set-to", taker: set };
  const open = first(taking.filter((pod) => takesClassless(pod) === "by-default"));
  if (open !== undefined) return { kind: "by-default", words: objectInWords(open) };
  const isGke = seen(snapshot, "nodes").some(({ labels }) => "cloud.google.com/gke-nodepool" in labels);
  return isGke ? { kind: "by-default", words: "GKE's own controller" } : undefined;
}

/** Traefik and Contour take every Ingress without a class unless they are given one of their own. */
function takesByDefault({ labels, containers }: Pod): boolean {
  const name = labels["app.kubernetes.io/name"];
  if (name !== "traefik" && !(name === "contour" && labels["app.kubernetes.io/component"] === "contour"))
    return false;
  return !containers.some(
    ({ flags }) => flags?.["providers.kubernetesingress.ingressclass"] ?? flags?.["ingress-class-name"],
  );
}

function hasFlag({ containers }: Pod, flag: string, value: string): boolean {
  return containers.some(({ flags }) => flags?.[flag] === value);
}
