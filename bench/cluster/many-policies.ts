import { type ApiObject, apiObject, type Fields } from "./api-object.ts";
import type { Chance } from "./chance.ts";

/** A workload as a policy sees it. */
export interface Selectable {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Policies as teams write them, each of its own: for one workload, letting in another of some namespace on a port, its
 * own namespace, and every second one keeping to DNS, its namespace and the Services' range on the way out. The same
 * workloads give the same policies.
 */
export function* manyPolicies(
  chance: Chance,
  workloads: readonly Selectable[],
  count: number,
): Iterable<ApiObject> {
  for (let number = 0; number < count; number++) {
    const subject = workloads[number % workloads.length];
    const peer = workloads[(number * 7 + 3) % workloads.length];
    if (subject === undefined || peer === undefined) return;
    const keepsIn = number % 2 === 0;
    yield apiObject(chance, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      namespace: subject.namespace,
      name: `team-rule-${number}`,
      ageSeconds: 3_000_000,
      body: {
        spec: {
          podSelector: { matchLabels: firstLabel(subject) },
          policyTypes: keepsIn ? ["Ingress", "Egress"] : ["Ingress"],
          ingress: [
            {
              from: [{ ...inNamespace(peer.namespace), podSelector: { matchLabels: firstLabel(peer) } }],
              ports: [{ port: 8080 }],
            },
            { from: [{ podSelector: {} }] },
          ],
          ...(keepsIn ? { egress: waysOut } : {}),
        },
      },
    });
  }
}

const waysOut: readonly Fields[] = [
  { to: [{ podSelector: {} }] },
  { to: [{ ipBlock: { cidr: "10.96.0.0/12" } }], ports: [{ port: 443 }] },
  { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }] },
];

function inNamespace(name: string): Fields {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function firstLabel({ labels }: Selectable): Fields {
  const [first] = Object.entries(labels);
  if (first === undefined) throw new RangeError("a workload has labels");
  return Object.fromEntries([first]);
}
