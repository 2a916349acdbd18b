// A short incident, told in steps over the cluster as it is at `now`: what each one creates, changes and deletes.
import type { Cluster } from "./cluster.ts";
import { event } from "./events.ts";
import type { Fields, Resource } from "./objects.ts";
import { now } from "./time.ts";

export type Step = {
  title: string;
  says: string;
  /** How long it is shown when it plays by itself. */
  seconds: number;
  /** What to look at: a link. */
  look: string;
  takenAt: string;
  deletes: string[];
  applies: Resource[];
};

/** The clock of the incident: seconds after the dump. */
function at(seconds: number): string {
  return new Date(Date.parse(now) + seconds * 1000).toISOString().replace(".000Z", "Z");
}

export function incident(cluster: Cluster): Step[] {
  const named = (kind: string, name: string): Resource => {
    const found = cluster.resources.find(
      (each) => each.kind === kind && each.metadata.namespace === "shop" && each.metadata.name === name,
    );
    if (found === undefined) throw new Error(`the shop has no ${kind} ${name}`);
    return found;
  };
  const pods = cluster.resources.filter(
    (each) => each.kind === "Pod" && each.metadata.generateName?.startsWith("checkout-") === true,
  );
  const slice = cluster.resources.find(
    (each) => each.kind === "EndpointSlice" && each.metadata.generateName === "checkout-",
  );
  if (slice === undefined || pods.length !== 5) throw new Error("checkout is not as the incident knows it");

  /** The checkout pods, the first `failing` of them with a readiness probe that fails since `since`. */
  const checkout = (failing: number, since: string): Resource[] => [
    ...pods.map((pod, i) => (i < failing ? notReady(pod, since) : pod)),
    ...pods.slice(0, failing).map((pod) => probeFails(pod, since)),
    sliceOf(slice, pods.slice(0, failing)),
  ];
  const policy = named("NetworkPolicy", "checkout-egress");
  return [
    {
      title: "Checkout 6.2.0 rolls out, and two pods fail their readiness probe",
      says: "The first two pods of the new version answer /readyz with 503: they find no feature flag that the new version asks for. Three of five still take traffic, so nobody has noticed.",
      seconds: 14,
      look: "/?show=service/shop/checkout",
      takenAt: at(60),
      deletes: [],
      applies: checkout(2, at(40)),
    },
    {
      title: "The rollout is forced through: checkout has no ready endpoint",
      says: "Someone raises maxUnavailable to get it done. No pod is ready any more; the shop's pages load, and every order fails with 503.",
      seconds: 16,
      look: "/?show=service/shop/checkout",
      takenAt: at(120),
      deletes: [],
      applies: checkout(5, at(100)),
    },
    {
      title: "Rolled back: all five pods are ready again",
      says: "kubectl rollout undo deployment/checkout. The endpoints come back one by one; the paths through checkout are whole.",
      seconds: 12,
      look: "/?show=service/shop/checkout",
      takenAt: at(240),
      deletes: [],
      applies: checkout(0, at(240)),
    },
    {
      title: "A tighter egress policy forgets DNS",
      says: "To be safe, checkout-egress is rewritten to name what checkout may call. Everything that it calls is there; asking for their names is not. Calls hang, then time out.",
      seconds: 16,
      look: "/trace?from=shop/deployment/checkout&to=inventory&port=80",
      takenAt: at(300),
      deletes: [],
      applies: [withoutDns(policy)],
    },
    {
      title: "One rule more, and names resolve again",
      says: "UDP and TCP 53 to kube-dns are allowed. The trace that someone left open turns green by itself.",
      seconds: 14,
      look: "/trace?from=shop/deployment/checkout&to=inventory&port=80",
      takenAt: at(360),
      deletes: [],
      applies: [policy],
    },
  ];
}

function notReady(pod: Resource, since: string): Resource {
  const conditions = listOf(pod.status?.conditions).map((condition) =>
    condition.type === "Ready" || condition.type === "ContainersReady"
      ? {
          ...condition,
          status: "False",
          reason: "ContainersNotReady",
          message: "containers with unready status: [checkout]",
          lastTransitionTime: since,
        }
      : condition,
  );
  const containerStatuses = listOf(pod.status?.containerStatuses).map((status) => ({
    ...status,
    ready: false,
  }));
  return { ...pod, status: { ...pod.status, conditions, containerStatuses } };
}

function probeFails(pod: Resource, since: string): Resource {
  return event({
    about: {
      apiVersion: "v1",
      kind: "Pod",
      namespace: "shop",
      name: pod.metadata.name,
      fieldPath: "spec.containers{checkout}",
    },
    reason: "Unhealthy",
    message: "Readiness probe failed: HTTP probe failed with statuscode: 503",
    count: 3,
    first: since,
    last: since,
    from: "kubelet",
  });
}

function sliceOf(slice: Resource, failing: Resource[]): Resource {
  const names = new Set(failing.map((pod) => pod.metadata.name));
  const endpoints = listOf(slice.endpoints).map((endpoint) => {
    const target = endpoint.targetRef;
    const name =
      target !== null && typeof target === "object" && !Array.isArray(target) ? target.name : undefined;
    const ready = typeof name !== "string" || !names.has(name);
    return { ...endpoint, conditions: { ready, serving: ready, terminating: false } };
  });
  return { ...slice, endpoints };
}

/** The policy without its rule about port 53. */
function withoutDns(policy: Resource): Resource {
  const egress = listOf(policy.spec?.egress).filter(
    (rule) => !listOf(rule.ports).some((port) => port.port === 53),
  );
  if (egress.length === listOf(policy.spec?.egress).length)
    throw new Error("checkout-egress has no rule for DNS");
  return { ...policy, spec: { ...policy.spec, egress } };
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value)
    ? value.filter((each): each is Fields => typeof each === "object" && each !== null)
    : [];
}
