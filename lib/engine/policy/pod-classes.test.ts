import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import {
  arbitraryDialect,
  arbitraryManifests,
  factsFromManifests,
  type Manifest,
} from "#lib/testing/arbitrary-cluster.ts";
import { namespace, node, pod, policy } from "#lib/testing/cluster-yaml.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { type Cidr, parseAddress } from "../cidr.ts";
import { type CompiledPolicies, compilePolicies } from "./compile-policies.ts";
import { podClasses } from "./pod-classes.ts";

/** Whether the pods web-0 and web-1 of these are of one class, where policies look at all this. */
function alike(first: string, second: string, policies: string): boolean {
  const nodes =
    node("node-1", ["192.168.0.1"], "zone-a") +
    node("node-2", ["192.168.0.2"], "zone-a") +
    node("node-3", ["172.16.0.3"], "zone-b");
  const facts = factsFromYaml(namespace("shop") + namespace("lab") + nodes + first + second + policies);
  const classOf = podClasses(facts);
  const [a, b, ...more] = seen(facts.snapshot, "pods").map(classOf);
  if (a === undefined || b === undefined || more.length > 0) throw new Error("not two pods");
  return a === b;
}

type Parts = Parameters<typeof pod>[1];

const web = (n: number, parts: Parts = {}) =>
  pod(`shop/web-${n}`, { ips: [`10.0.0.${n + 1}`], node: "node-1", ports: "http:8080", ...parts });
const onHost = (n: number, nodeNumber: number, address = `192.168.0.${nodeNumber}`) =>
  web(n, {
    node: `node-${nodeNumber}`,
    ips: [address],
    spec: "hostNetwork: true",
  }).replace("podIPs:", `hostIP: ${address}\n  podIPs:`);

const byTrack = policy("shop/p", "podSelector: { matchLabels: { track: canary } }");
const asPeer = policy(
  "shop/p",
  "podSelector: {}\ningress: [{ from: [{ podSelector: { matchExpressions: [{ key: track, operator: Exists }] } }] }]",
);
const byPort = (port: string) =>
  policy("shop/p", `podSelector: {}\ningress: [{ ports: [{ port: ${port} }] }]`);
const byBlock = policy(
  "shop/p",
  "podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/16, except: [10.0.0.2/32] } }] }]",
);
const tiered = (spec: string) => `
kind: ClusterNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha2
metadata: { name: tier }
spec: { tier: Admin, priority: 1, ${spec} }
---`;
const toNodes = tiered(
  "subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ nodes: { matchLabels: { topology.kubernetes.io/zone: zone-a } } }] }]",
);
const foreign = `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: { name: c, namespace: lab }
spec: { endpointSelector: { matchLabels: { track: canary } }, ingress: [{}] }
---`;

describe("pods are told apart", () => {
  const canary = web(1, { labels: "app=web,track=canary" });

  it.each([
    ["by namespace", pod("lab/web-1", { ips: ["10.0.0.2"], node: "node-1", ports: "http:8080" }), ""],
    ["by a label that a podSelector names", canary, byTrack],
    ["by a label that a peer names", canary, asPeer],
    [
      "by a label that a tiered policy's subject names",
      canary,
      tiered(
        "subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { track: canary } } } }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }]",
      ),
    ],
    [
      "by a label that a tiered policy's peer names",
      canary,
      tiered(
        "subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { track: canary } } } }] }]",
      ),
    ],
    ["by a label that a policy of another kind names, wherever it is", canary, foreign],
    [
      "by the number behind a port's name that a policy asks for",
      web(1, { ports: "http:8081" }),
      byPort("http"),
    ],
    ["by the protocol of such a port", web(1, { ports: "http:8080/UDP" }), byPort("http")],
    ["by an address that only one block holds", web(1), byBlock],
    ["by their address families", web(1, { ips: ["fd00::1"] }), ""],
    ["by having both families or one", web(1, { ips: ["10.0.0.2", "fd00::1"] }), ""],
    ["by having no address yet", web(1, { ips: [] }), byBlock],
    ["by having finished", web(1, { phase: "Succeeded" }), ""],
    ["by being on their node's network", onHost(1, 1), ""],
  ])("%s", (_what, other, policies) => {
    expect(alike(web(0), other, policies)).toBe(false);
    expect(alike(web(0), web(1).replace("10.0.0.2", "10.0.0.1"), policies)).toBe(true);
  });

  it("on their node's network by the node, as far as policies look at nodes", () => {
    expect(alike(onHost(0, 1), onHost(1, 3), toNodes)).toBe(false);
    expect(alike(onHost(0, 1), onHost(1, 2), toNodes)).toBe(true);
    const hosts = byBlock.replace("10.0.0.0/16", "192.168.0.0/24").replace("10.0.0.2/32", "192.168.0.2/32");
    expect(alike(onHost(0, 1), onHost(1, 2), hosts)).toBe(false);
    expect(alike(onHost(0, 1), onHost(1, 2), hosts.replace("192.168.0.2/32", "192.168.0.9/32"))).toBe(true);
    // A kubelet may not have said the pod's address yet: the node's is what others see.
    const unsaid = (n: number) => onHost(n, n + 1).replace(/podIPs: \[.*\]/, "podIPs: []");
    expect(alike(unsaid(0), unsaid(1), hosts)).toBe(false);
  });
});

describe("pods are not told apart", () => {
  it.each([
    ["by their names and addresses", web(1), ""],
    ["by a label that no policy names", web(1, { labels: "app=web,track=canary" }), byPort("http")],
    ["by ports that no policy names", web(1, { ports: "http:8081 metrics:9102" }), byTrack],
    ["by ports that policies name by number", web(1, { ports: "http:8081" }), byPort("8080")],
    ["by addresses that the same blocks hold", web(1, { ips: ["10.0.0.77"] }), byBlock],
    ["by their node, where they are not on its network", web(1, { node: "node-3" }), toNodes],
    ["by being ready", web(1, { ready: false }), ""],
    [
      "by a label without a value and one that is empty elsewhere",
      web(1, { labels: "app=web,other=" }),
      byTrack,
    ],
  ])("%s", (_what, other, policies) => {
    expect(alike(web(0), other, policies)).toBe(true);
  });

  it("an absent label is not an empty one", () => {
    expect(alike(web(0), web(1, { labels: "app=web,track=" }), asPeer)).toBe(false);
  });
});

/** Each pod a second time, as another replica: another name, a label of its own, an address beside. */
function doubled(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.flatMap((manifest) => {
    const read = podSchema.safeParse(manifest);
    if (!read.success) return [manifest];
    const { metadata, spec, status } = read.data;
    const beside = (ip: string) =>
      spec.hostNetwork ? ip : ip.replace(/\d+$/, (last) => `${Number(last) + 20}`);
    const replica = {
      ...read.data,
      metadata: { ...metadata, name: `${metadata.name}-b`, labels: { ...metadata.labels, replica: "b" } },
      status: { ...status, podIPs: status.podIPs.map(({ ip }) => ({ ip: beside(ip) })) },
    };
    return [manifest, replica];
  });
}

const podSchema = z.looseObject({
  kind: z.literal("Pod"),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({ hostNetwork: z.boolean() }),
  status: z.looseObject({ podIPs: z.array(z.object({ ip: z.string() })) }),
});

const asks = fc.record({
  port: fc.constantFrom(53, 80, 443, 8080, 8081, 9090),
  protocol: fc.constantFrom<Protocol>("TCP", "UDP", "SCTP"),
  family: fc.constantFrom(4, 6),
});
type Ask = typeof asks extends fc.Arbitrary<infer T> ? T : never;

function addressOf({ ips }: Pod, family: number): Cidr | undefined {
  return ips.map((ip) => parseAddress(ip)).find((address) => address?.family === family);
}

/** What comes of a packet in each direction; undefined where the two do not speak the family. */
function decided(
  policies: CompiledPolicies,
  from: Pod,
  to: Pod,
  { family, ...ask }: Ask,
): string | undefined {
  const [source, destination] = [addressOf(from, family), addressOf(to, family)];
  if (source === undefined || destination === undefined) return undefined;
  const { egress, ingress } = policies.verdict({
    source: { kind: "pod", pod: from, address: source },
    destination: { kind: "pod", pod: to, address: destination },
    ...ask,
  });
  return `egress ${egress.decision}, ingress ${ingress.decision}`;
}

/** Whether two pods are to a third one in the same way on its node or not, where that counts. */
function areAsNear(one: Pod, other: Pod, third: Pod): boolean {
  if (one.hostNetwork === third.hostNetwork) return true;
  return (one.nodeName === third.nodeName) === (other.nodeName === third.nodeName);
}

describe("pods of one class", () => {
  it("get one verdict as either end of any packet with any third pod, in any dialect", () => {
    let compared = 0;
    fc.assert(
      fc.property(arbitraryManifests, arbitraryDialect, asks, (manifests, dialect, ask) => {
        const facts = factsFromManifests(doubled(manifests));
        const policies = compilePolicies(facts, dialect);
        const classOf = podClasses(facts);
        const pods = seen(facts.snapshot, "pods");
        for (const one of pods) {
          for (const other of pods) {
            if (one.id >= other.id || classOf(one) !== classOf(other)) continue;
            for (const third of pods) {
              if (third === one || third === other || !areAsNear(one, other, third)) continue;
              const words = `${one.name} and ${other.name} with ${third.name}`;
              expect(decided(policies, one, third, ask), words).toBe(decided(policies, other, third, ask));
              expect(decided(policies, third, one, ask), words).toBe(decided(policies, third, other, ask));
              compared++;
            }
          }
        }
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(1000);
  });
});
