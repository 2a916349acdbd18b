/**
 * Policies of network plugins' and meshes' own kinds. Of their rules nothing is read, only whom they may concern, so
 * that verdicts that they could change are unknown and all others stay definite.
 */
import { assertNever } from "#lib/model/assert-never.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ForeignPolicy, ForeignPolicyKind, Origin } from "#lib/model/objects.ts";
import { withName } from "./policy-shapes.ts";
import type { Raw } from "./read-body.ts";
import { antreaConcern } from "./read-foreign-antrea.ts";
import { calicoConcern } from "./read-foreign-calico.ts";
import { ciliumConcern } from "./read-foreign-cilium.ts";
import { bothWays, type Concern, everyPod } from "./read-foreign-concern.ts";
import { istioConcern } from "./read-foreign-istio.ts";
import { type ReadMeta, type ReadNamespacedMeta, readMeta, readNamespacedMeta } from "./read-meta.ts";
import type { Reading } from "./reading.ts";

/**
 * A malformed policy is kept as long as its metadata can be read, and may then concern any pod in both directions: its
 * plugin may read more out of it than is read here, and without it verdicts that it changes would pass for definite.
 */
export function readForeignPolicy(
  kind: ForeignPolicyKind,
  given: Raw,
  origin: Origin | undefined,
): Reading<ForeignPolicy> {
  const { raw } = withName(given, origin);
  const meta: Reading<ReadMeta | ReadNamespacedMeta> = kinds[kind].namespaced
    ? readNamespacedMeta(kind, raw, origin)
    : readMeta(kind, raw, origin);
  if (meta.kind !== "object") return meta;
  const namespace = "namespace" in meta.object ? meta.object.namespace : undefined;
  const concern = concernOf(kind, raw, namespace) ?? { subject: undefined, directions: bothWays };
  return { kind: "object", object: { kind, ...meta.object, ...concern, effect: effects[kind] } };
}

/**
 * The network plugins' own policies are asked together with NetworkPolicies, or before them, and their allowances count;
 * a mesh and an egress firewall come on top, and what a NetworkPolicy refuses never gets to them.
 */
const effects: Readonly<Record<ForeignPolicyKind, ForeignPolicy["effect"]>> = {
  "cilium-network-policy": "opens-and-closes",
  "cilium-clusterwide-network-policy": "opens-and-closes",
  "calico-network-policy": "opens-and-closes",
  "calico-global-network-policy": "opens-and-closes",
  "antrea-network-policy": "opens-and-closes",
  "antrea-cluster-network-policy": "opens-and-closes",
  "authorization-policy": "closes",
  "egress-firewall": "closes",
};

function concernOf(kind: ForeignPolicyKind, raw: Raw, namespace: string | undefined): Concern | undefined {
  switch (kind) {
    case "cilium-network-policy":
      return ciliumConcern(raw, "namespace");
    case "cilium-clusterwide-network-policy":
      return ciliumConcern(raw, "cluster");
    case "calico-network-policy":
      return calicoConcern(raw, "namespace");
    case "calico-global-network-policy":
      return calicoConcern(raw, "cluster");
    case "antrea-network-policy":
      return antreaConcern(raw, "namespace");
    case "antrea-cluster-network-policy":
      return antreaConcern(raw, "cluster");
    case "authorization-policy":
      return istioConcern(raw, namespace ?? "");
    case "egress-firewall":
      // Whatever it says, it is about what leaves the pods of its namespace.
      return { subject: everyPod, directions: ["egress"] };
    default:
      return assertNever(kind);
  }
}
