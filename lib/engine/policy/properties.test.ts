/**
 * Laws of the policy engine, over random clusters and packets: it says what a plain evaluator says that was written from
 * the documents alone, and its answers change as policies do only in the ways that the documents allow.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { NetworkPolicy, PolicyRule, TieredPolicy, TieredRule } from "#lib/model/objects.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { Clause, Direction, DoubtCode } from "#lib/model/verdict.ts";
import {
  arbitraryAllowance,
  arbitraryDialect,
  arbitraryManifests,
  arbitraryPick,
  factsFromManifests,
  packetOf,
} from "#lib/testing/arbitrary-cluster.ts";
import { bruteForceVerdict } from "#lib/testing/brute-force.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { parseAddress } from "../cidr.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import { type CompiledPolicies, compilePolicies, type DirectionVerdict } from "./compile-policies.ts";
import { undefinedDialect } from "./dialect.ts";
import type { Packet, PacketEnd } from "./packet.ts";
import type { DecidedBy } from "./possible.ts";

const directions = ["egress", "ingress"] as const satisfies readonly Direction[];

/** A cluster as manifests, so that a counterexample reads as one, and what to ask about it. */
const questions = fc.record({
  manifests: arbitraryManifests,
  dialect: arbitraryDialect,
  picks: fc.array(arbitraryPick, { minLength: 1, maxLength: 8, size: "max" }),
});

type Questions = typeof questions extends fc.Arbitrary<infer T> ? T : never;

interface Asked {
  readonly facts: Facts;
  readonly policies: CompiledPolicies;
  readonly packets: readonly Packet[];
  /** The same dialect, with other policies. */
  with(change: (all: Policies) => Policies): CompiledPolicies;
}

/** All policies of a cluster, of every kind. */
interface Policies {
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly tieredPolicies: readonly TieredPolicy[];
}

function ask({ manifests, dialect, picks }: Questions): Asked {
  const facts = factsFromManifests(manifests);
  return {
    facts,
    policies: compilePolicies(facts, dialect),
    packets: picks.map((pick) => packetOf(facts, pick)),
    with: (change) =>
      compilePolicies(factsOf(withPolicies(facts.snapshot, change(policiesOf(facts.snapshot)))), dialect),
  };
}

function policiesOf(snapshot: Snapshot): Policies {
  return {
    networkPolicies: seen(snapshot, "networkPolicies"),
    tieredPolicies: [
      ...seen(snapshot, "clusterNetworkPolicies"),
      ...seen(snapshot, "adminNetworkPolicies"),
      ...seen(snapshot, "baselineAdminNetworkPolicies"),
    ],
  };
}

function withPolicies(snapshot: Snapshot, { networkPolicies, tieredPolicies }: Policies): Snapshot {
  const ofKind = (kind: TieredPolicy["kind"]) => tieredPolicies.filter((policy) => policy.kind === kind);
  return {
    ...snapshot,
    objects: {
      ...snapshot.objects,
      networkPolicies,
      clusterNetworkPolicies: ofKind("cluster-network-policy"),
      adminNetworkPolicies: ofKind("admin-network-policy"),
      baselineAdminNetworkPolicies: ofKind("baseline-admin-network-policy"),
    },
  };
}

function factsOf(snapshot: Snapshot): Facts {
  return compileFacts(snapshot, "2026-01-01T00:00:00Z");
}

/** How far a decision lets a packet through: what opens may only raise it. */
const openness = { denied: 0, unknown: 1, allowed: 2 } as const;

function expectNoLessOpen(before: CompiledPolicies, after: CompiledPolicies, packets: readonly Packet[]) {
  for (const packet of packets) {
    const [was, is] = [before.verdict(packet), after.verdict(packet)];
    for (const part of [(v) => v, (v) => v.egress, (v) => v.ingress] satisfies ReadonlyArray<
      (verdict: typeof was) => Pick<DirectionVerdict, "decision">
    >) {
      const [from, to] = [part(was).decision, part(is).decision];
      expect(openness[to], `${words(packet)} went from ${from} to ${to}`).toBeGreaterThanOrEqual(
        openness[from],
      );
    }
  }
}

function words({ source, destination, port, protocol }: Packet): string {
  return `${endWords(source)} → ${endWords(destination)} ${port}/${protocol}`;
}

function endWords(end: PacketEnd): string {
  const what = end.kind === "pod" ? end.pod.id : end.kind === "node" ? end.name : "outside";
  return end.kind === "unseen" ? "unseen" : `${what} (${end.address?.text})`;
}

describe("the engine and a plain evaluator", () => {
  it("decide alike about every packet, in each direction and together", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { facts, policies, packets } = ask(asked);
        for (const packet of packets) {
          const verdict = policies.verdict(packet);
          const opinion = bruteForceVerdict(facts, asked.dialect, packet);
          expect(decisionsOf(verdict), words(packet)).toEqual(decisionsOf(opinion));
        }
      }),
      { numRuns: 4000 },
    );
  });

  it("name the same tier as the one that decided", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { facts, policies, packets } = ask(asked);
        for (const packet of packets) {
          const opinion = bruteForceVerdict(facts, asked.dialect, packet);
          for (const direction of directions) {
            const { decision, by } = policies.directionVerdict(packet, direction);
            if (decision === "unknown") expect(by).toBeUndefined();
            else {
              const possible = opinion[direction].outcomes.map((outcome) => reasonOf(outcome.by));
              expect(possible, `${direction} of ${words(packet)}`).toContain(by && reasonOf(by));
            }
          }
        }
      }),
      { numRuns: 600 },
    );
  });
});

function decisionsOf(verdict: {
  readonly decision: string;
  readonly egress: { readonly decision: string };
  readonly ingress: { readonly decision: string };
}) {
  const { decision, egress, ingress } = verdict;
  return { decision, egress: egress.decision, ingress: ingress.decision };
}

/** More than one of the reasons for which no policy is asked may hold at once. */
function reasonOf(by: DecidedBy): DecidedBy | "not asked" {
  const free: readonly DecidedBy[] = ["no-pod", "same-pod", "own-node", "host-network"];
  return free.includes(by) ? "not asked" : by;
}

describe("a verdict", () => {
  it("allows what both directions allow, and denies what one of them denies", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { policies, packets } = ask(asked);
        for (const packet of packets) {
          const { decision, egress, ingress } = policies.verdict(packet);
          const lesser = Math.min(openness[egress.decision], openness[ingress.decision]);
          expect(openness[decision], words(packet)).toBe(lesser);
          expect(egress).toEqual(policies.directionVerdict(packet, "egress"));
          expect(ingress).toEqual(policies.directionVerdict(packet, "ingress"));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("says why it is unknown, and doubts nothing else", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { policies, packets } = ask(asked);
        for (const packet of packets) {
          for (const direction of directions) {
            const { decision, doubts } = policies.directionVerdict(packet, direction);
            expect(doubts.length > 0, `${direction} of ${words(packet)}`).toBe(decision === "unknown");
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("does not hang on the order or the names of policies, nor on that of rules, peers, ports and objects", () => {
    fc.assert(
      fc.property(questions, fc.integer({ min: 1, max: 2 ** 31 - 2 }), (asked, seed) => {
        const { facts, policies, packets } = ask(asked);
        const other = compilePolicies(factsOf(reordered(facts.snapshot, shuffler(seed))), asked.dialect);
        for (const packet of packets) {
          expect(decisionsOf(other.verdict(packet)), words(packet)).toEqual(
            decisionsOf(policies.verdict(packet)),
          );
        }
      }),
      { numRuns: 800 },
    );
  });
});

type Shuffle = <T>(list: readonly T[]) => readonly T[];

/** Park and Miller's generator: the same seed gives the same order, so that a failure can be run again. */
function shuffler(seed: number): Shuffle {
  let state = seed;
  return (list) => {
    const places = list.map((item) => {
      state = (state * 16807) % 2147483647;
      return { item, place: state };
    });
    return places.sort((a, b) => a.place - b.place).map(({ item }) => item);
  };
}

/** Rules of a tiered policy stay in their order, which counts. */
function reordered(snapshot: Snapshot, shuffle: Shuffle): Snapshot {
  const { networkPolicies, tieredPolicies } = policiesOf(snapshot);
  const { namespaces, nodes, pods } = snapshot.objects;
  const within = <R extends PolicyRule | TieredRule>(rule: R): R => ({
    ...rule,
    peers: shuffle<unknown>(rule.peers),
    ports: shuffle<unknown>(rule.ports),
  });
  return withPolicies(
    {
      ...snapshot,
      objects: {
        ...snapshot.objects,
        namespaces: namespaces && shuffle(namespaces),
        nodes: nodes && shuffle(nodes),
        pods: pods && shuffle(pods),
      },
    },
    {
      networkPolicies: shuffle(networkPolicies).map((policy, n) => ({
        ...policy,
        name: `renamed-${n}`,
        id: objectId("network-policy", policy.namespace, `renamed-${n}`),
        ingress: shuffle(policy.ingress).map(within),
        egress: shuffle(policy.egress).map(within),
      })),
      tieredPolicies: shuffle(tieredPolicies).map((policy, n) => ({
        ...policy,
        ...(policy.kind === "baseline-admin-network-policy"
          ? {}
          : { name: `renamed-${n}`, id: objectId(policy.kind, undefined, `renamed-${n}`) }),
        ingress: policy.ingress.map(within),
        egress: policy.egress.map(within),
      })),
    },
  );
}

describe("a change of policies", () => {
  it("opens everything when all of them go", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { packets, with: changed } = ask(asked);
        const open = changed(() => ({ networkPolicies: [], tieredPolicies: [] }));
        for (const packet of packets) expect(open.verdict(packet).decision, words(packet)).toBe("allowed");
      }),
      { numRuns: 300 },
    );
  });

  it("closes nothing when a NetworkPolicy gets another rule", () => {
    fc.assert(
      fc.property(
        questions,
        fc.nat({ max: 9 }),
        fc.constantFrom(...directions),
        arbitraryAllowance,
        (asked, which, direction, rule) => {
          const { policies, packets, with: changed } = ask(asked);
          const wider = changed(({ networkPolicies, tieredPolicies }) => ({
            networkPolicies: networkPolicies.map((policy, n) =>
              n === which % networkPolicies.length
                ? { ...policy, [direction]: [...policy[direction], rule] }
                : policy,
            ),
            tieredPolicies,
          }));
          expectNoLessOpen(policies, wider, packets);
        },
      ),
      { numRuns: 800 },
    );
  });

  it("closes nothing when another NetworkPolicy allows more to pods that are isolated", () => {
    fc.assert(
      fc.property(questions, fc.nat({ max: 9 }), arbitraryAllowance, (asked, which, rule) => {
        const { policies, packets, with: changed } = ask(asked);
        const wider = changed(({ networkPolicies, tieredPolicies }) => ({
          networkPolicies: networkPolicies.flatMap((policy, n) =>
            n === which % networkPolicies.length
              ? [
                  policy,
                  {
                    ...policy,
                    name: "added",
                    id: objectId("network-policy", policy.namespace, "added"),
                    ingress: [rule],
                    egress: [rule],
                  },
                ]
              : [policy],
          ),
          tieredPolicies,
        }));
        expectNoLessOpen(policies, wider, packets);
      }),
      { numRuns: 800 },
    );
  });

  it("closes nothing when a tiered policy loses a Deny rule", () => {
    fc.assert(
      fc.property(questions, fc.nat({ max: 20 }), (asked, which) => {
        const { facts, policies, packets, with: changed } = ask(asked);
        const denies = policiesOf(facts.snapshot).tieredPolicies.flatMap((policy) =>
          directions.flatMap((direction) => policy[direction].filter(({ action }) => action === "Deny")),
        );
        const gone = denies[which % denies.length];
        const wider = changed(({ networkPolicies, tieredPolicies }) => ({
          networkPolicies,
          tieredPolicies: tieredPolicies.map((policy) => ({
            ...policy,
            ingress: policy.ingress.filter((rule) => rule !== gone),
            egress: policy.egress.filter((rule) => rule !== gone),
          })),
        }));
        expectNoLessOpen(policies, wider, packets);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the rules that a verdict names", () => {
  /** Asks about every direction of every packet in which a kind of policy decided. */
  function forEvidence(
    decided: { readonly decision: "allowed" | "denied"; readonly by: readonly DecidedBy[] },
    numRuns: number,
    check: (
      verdict: DirectionVerdict,
      again: (change: (all: Policies) => Policies) => DirectionVerdict,
      all: Policies,
    ) => void,
  ) {
    fc.assert(
      fc.property(questions, (asked) => {
        const { facts, policies, packets, with: changed } = ask(asked);
        for (const packet of packets) {
          for (const direction of directions) {
            const verdict = policies.directionVerdict(packet, direction);
            if (verdict.decision !== decided.decision) continue;
            if (verdict.by === undefined || !decided.by.includes(verdict.by)) continue;
            const again = (change: (all: Policies) => Policies) =>
              changed(change).directionVerdict(packet, direction);
            check(verdict, again, policiesOf(facts.snapshot));
          }
        }
      }),
      { numRuns },
    );
  }

  it("are all that NetworkPolicies allow it by: without them it is not allowed", () => {
    forEvidence({ decision: "allowed", by: ["network-policy"] }, 800, ({ allowedBy }, again) => {
      expect(allowedBy).not.toEqual([]);
      expect(again((all) => withoutRules(all, allowedBy)).decision).not.toBe("allowed");
    });
  });

  it("suffice to allow it: with no other policies it is allowed, by the same tier", () => {
    forEvidence(
      { decision: "allowed", by: ["network-policy", "admin-tier", "baseline-tier"] },
      800,
      ({ allowedBy, by }, again) => {
        expect(allowedBy).not.toEqual([]);
        expect(again((all) => onlyPolicies(all, allowedBy))).toMatchObject({ decision: "allowed", by });
      },
    );
  });

  it("are all that isolate it: without these policies NetworkPolicies do not deny it", () => {
    forEvidence({ decision: "denied", by: ["network-policy"] }, 800, ({ deniedBy, isolatedBy }, again) => {
      expect(new Set(deniedBy.map(({ policy }) => policy))).toEqual(new Set(isolatedBy));
      expect(again((all) => withoutPolicies(all, deniedBy)).by).not.toBe("network-policy");
    });
  });

  it("suffice to deny it: with no other policies it is denied, by the same tier", () => {
    forEvidence(
      { decision: "denied", by: ["network-policy", "admin-tier", "baseline-tier"] },
      800,
      ({ deniedBy, by }, again) => {
        expect(deniedBy).not.toEqual([]);
        expect(again((all) => onlyPolicies(all, deniedBy))).toMatchObject({ decision: "denied", by });
      },
    );
  });

  it("are there, in the direction asked about, with the action that decided", () => {
    fc.assert(
      fc.property(questions, (asked) => {
        const { facts, policies, packets } = ask(asked);
        const all = policiesOf(facts.snapshot);
        for (const packet of packets) {
          for (const direction of directions) {
            const { allowedBy, deniedBy } = policies.directionVerdict(packet, direction);
            for (const clause of [...allowedBy, ...deniedBy]) expectThere(all, clause, direction);
            for (const clause of allowedBy) expect(ruleOf(all, clause)).not.toMatchObject({ action: "Deny" });
            for (const clause of deniedBy)
              expect(ruleOf(all, clause)).not.toMatchObject({ action: "Accept" });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

function policyOf({ networkPolicies, tieredPolicies }: Policies, id: ObjectId) {
  return [...networkPolicies, ...tieredPolicies].find((policy) => policy.id === id);
}

function ruleOf(all: Policies, { policy, direction, rule }: Clause): PolicyRule | TieredRule | undefined {
  return rule === undefined ? undefined : policyOf(all, policy)?.[direction][rule];
}

function expectThere(all: Policies, clause: Clause, direction: Direction) {
  expect(clause.direction).toBe(direction);
  expect(policyOf(all, clause.policy)).toBeDefined();
  const rule = ruleOf(all, clause);
  expect(rule === undefined).toBe(clause.rule === undefined);
  if (clause.peer !== undefined) expect(rule?.peers[clause.peer]).toBeDefined();
  if (clause.port !== undefined) expect(rule?.ports[clause.port]).toBeDefined();
}

function onlyPolicies({ networkPolicies, tieredPolicies }: Policies, clauses: readonly Clause[]): Policies {
  const named = (policy: NetworkPolicy | TieredPolicy) =>
    clauses.some((clause) => clause.policy === policy.id);
  return { networkPolicies: networkPolicies.filter(named), tieredPolicies: tieredPolicies.filter(named) };
}

function withoutPolicies(
  { networkPolicies, tieredPolicies }: Policies,
  clauses: readonly Clause[],
): Policies {
  const unnamed = (policy: NetworkPolicy | TieredPolicy) =>
    clauses.every((clause) => clause.policy !== policy.id);
  return { networkPolicies: networkPolicies.filter(unnamed), tieredPolicies: tieredPolicies.filter(unnamed) };
}

function withoutRules({ networkPolicies, tieredPolicies }: Policies, clauses: readonly Clause[]): Policies {
  const left = (policy: NetworkPolicy, direction: Direction) =>
    policy[direction].filter((_, rule) =>
      clauses.every(
        (clause) => clause.policy !== policy.id || clause.direction !== direction || clause.rule !== rule,
      ),
    );
  return {
    networkPolicies: networkPolicies.map((policy) => ({
      ...policy,
      ingress: left(policy, "ingress"),
      egress: left(policy, "egress"),
    })),
    tieredPolicies,
  };
}

describe("what the two have disagreed about", () => {
  const cluster = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {nodeName: node-1, containers: [{name: app}]}
status: {phase: Running, podIPs: [{ip: 10.0.0.10}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop}
spec: {nodeName: node-1, containers: [{name: app}]}
status: {phase: Running, podIPs: [{ip: 10.0.0.11}]}
---
`;

  function clusterNetworkPolicy(name: string, tier: TieredPolicy["tier"], egress: string): string {
    return `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: {tier: ${tier}, priority: 1, subject: {namespaces: {}}, egress: [${egress}]}
---
`;
  }

  /** What leaves the pod web, as the engine has it; the evaluator must agree. */
  function egressOf(yaml: string, to: "db" | "node-1"): DirectionVerdict {
    const facts = factsFromYaml(cluster + yaml);
    const [node] = seen(facts.snapshot, "nodes");
    const podNamed = (name: string): PacketEnd => {
      const pod = seen(facts.snapshot, "pods").find((each) => each.name === name);
      if (pod === undefined) throw new Error(`no pod ${name}`);
      return { kind: "pod", pod, address: parseAddress(pod.ips[0] ?? "") };
    };
    const packet: Packet = {
      source: podNamed("web"),
      destination:
        to === "db" ? podNamed("db") : { kind: "node", name: to, node, address: parseAddress("192.168.0.1") },
      port: 80,
      protocol: "TCP",
    };
    const verdict = compilePolicies(facts, undefinedDialect).directionVerdict(packet, "egress");
    const opinion = bruteForceVerdict(facts, undefinedDialect, packet);
    expect(verdict.decision).toBe(opinion.egress.decision);
    return verdict;
  }

  // CNP: "For "Accept" rules, "fail closed" means: "treat the rule as matching no traffic"": the rule, not the peer.
  it("an Accept rule with a peer that says nothing accepts nothing, not even by its other peers", () => {
    const yaml = clusterNetworkPolicy(
      "mixed",
      "Admin",
      "{action: Accept, to: [{namespaces: {}}, {}]}, {action: Deny, to: [{namespaces: {}}]}",
    );
    expect(egressOf(yaml, "db").decision).toBe("denied");
  });

  it.each([
    { first: "Deny", second: "Pass" },
    { first: "Pass", second: "Deny" },
  ])(
    "of $first and $second with one priority, the one that passes still leaves a pod's own node in doubt",
    ({ first, second }) => {
      const yaml =
        clusterNetworkPolicy("a", "Admin", `{action: ${first}, to: [{networks: [0.0.0.0/0]}]}`) +
        clusterNetworkPolicy("b", "Admin", `{action: ${second}, to: [{networks: [0.0.0.0/0]}]}`) +
        `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-egress, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress]}
`;
      expect(egressOf(yaml, "node-1").decision).toBe("unknown");
    },
  );

  it("which of the two kinds of baseline policies comes first is a doubt that the verdict names", () => {
    const yaml =
      clusterNetworkPolicy("guard", "Baseline", "{action: Deny, to: [{namespaces: {}}]}") +
      `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: {namespaces: {}}, egress: [{action: Allow, to: [{namespaces: {}}]}]}
`;
    const { decision, doubts } = egressOf(yaml, "db");
    expect(decision).toBe("unknown");
    expect(doubts).not.toEqual([]);
  });
});

describe("the random clusters", () => {
  it("make every decision, for every reason and with every doubt", () => {
    const found = new Set<string>();
    for (const asked of fc.sample(questions, 900)) {
      const { policies, packets } = ask(asked);
      for (const packet of packets) {
        const verdict = policies.verdict(packet);
        found.add(verdict.decision);
        for (const direction of directions) {
          const { decision, by, doubts } = verdict[direction];
          found.add(`${direction} ${decision}${by === undefined ? "" : ` by ${by}`}`);
          for (const { code } of doubts) found.add(code);
        }
      }
    }
    const passes: readonly DecidedBy[] = ["no-pod", "same-pod", "host-network", "default"];
    const tiers: readonly DecidedBy[] = ["admin-tier", "network-policy", "baseline-tier"];
    const doubts: readonly DoubtCode[] = [
      "ip-block-on-pods",
      "ip-block-on-nodes",
      "host-network",
      "own-node",
      "same-priority",
    ];
    const expected = [
      "allowed",
      "denied",
      "unknown",
      ...doubts,
      "ingress allowed by own-node",
      ...directions.flatMap((direction) => [
        ...[...passes, ...tiers].map((by) => `${direction} allowed by ${by}`),
        ...tiers.map((by) => `${direction} denied by ${by}`),
        `${direction} unknown`,
      ]),
    ];
    expect(expected.filter((each) => !found.has(each))).toEqual([]);
  });
});
