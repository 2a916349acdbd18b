/** Where something that decides was not read (docs/spec/policy.md, 7). */
import { describe, expect, it } from "vitest";
import type { Reach } from "#lib/model/reach.ts";
import type { PluralKind, Unread } from "#lib/model/snapshot.ts";
import { worldOf } from "#lib/testing/ask.ts";
import { reachOf } from "#lib/testing/ask-reach.ts";
import { policy } from "#lib/testing/cluster-yaml.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { allow, clients, cluster, linesOf, others, told } from "#lib/testing/reach-cluster.ts";
import { compileFacts } from "../compile-facts.ts";

interface Lack {
  readonly plural: PluralKind;
  readonly reason: Unread["reason"];
  /** Some of them were read. */
  readonly inPart?: boolean;
}

function reachLacking(
  { plural, reason, inPart = false }: Lack,
  policies = "",
  asked = "to shop/service/web",
): Reach {
  const snapshot = snapshotFromYaml(cluster + policies);
  const facts = compileFacts(
    {
      ...snapshot,
      objects: inPart ? snapshot.objects : { ...snapshot.objects, [plural]: undefined },
      unread: { ...snapshot.unread, [plural]: { reason, message: "no" } },
    },
    "2026-01-01T00:00:00Z",
  );
  return reachOf(worldOf(facts), asked);
}

describe("where NetworkPolicies were not read", () => {
  it("it is not known, and never open, who may send", () => {
    const found = reachLacking({ plural: "networkPolicies", reason: "forbidden" });
    expect(told(found)).toEqual({ unknown: clients });
    expect(found.sentence).toBe("whether any of 5 workloads may reach it is not known");
    expect(linesOf(found, "lab")).toEqual([
      "unknown lab: proxy-0; NetworkPolicies could not be read, and may decide about it",
    ]);
  });

  it("in full, and none of those that were isolates, it is not known", () => {
    const lack = { plural: "networkPolicies", reason: "failed", inPart: true } as const;
    expect(told(reachLacking(lack))).toEqual({ unknown: clients });
  });

  it("in full, what some admit stays admitted, and others may admit more (1.4)", () => {
    const lack = { plural: "networkPolicies", reason: "failed", inPart: true } as const;
    const found = reachLacking(lack, allow("{ from: [{ podSelector: {} }] }"));
    // The senders' own egress is not known either, unless a policy that was read lets them out.
    expect(told(found)).toEqual({ unknown: clients });
    const out = ["shop", "edge", "lab"].map((name) =>
      policy(`${name}/out`, "podSelector: {}\npolicyTypes: [Egress]\negress: [{}]"),
    );
    expect(told(reachLacking(lack, allow("{ from: [{ podSelector: {} }] }") + out.join("")))).toEqual({
      reachable: ["shop/cart-0"],
      unknown: others("shop/cart-0"),
    });
  });

  it("since the API server does not serve them, there are none", () => {
    expect(told(reachLacking({ plural: "networkPolicies", reason: "not-served" }))).toEqual({
      reachable: clients,
    });
  });
});

describe("where policies of other kinds were not read", () => {
  it.each(["adminNetworkPolicies", "clusterNetworkPolicies", "ciliumNetworkPolicies"] as const)(
    "%s make it unknown where they are served, and are remarked on where a dump merely holds none (7.3)",
    (plural) => {
      const found = reachLacking({ plural, reason: "forbidden" });
      expect(told(found)).toEqual({ unknown: clients });
      expect(linesOf(found, "lab")[0]).toMatch(/NetworkPolicies could not be read, and may decide about it$/);
      expect(found.notes).toEqual([]);
      const dump = reachLacking({ plural, reason: "not-collected" });
      expect(told(dump)).toEqual({ reachable: clients });
      expect(dump.notes).toEqual([
        expect.stringMatching(
          /NetworkPolicies are not in the files; where there are some, they may decide otherwise$/,
        ),
      ]);
    },
  );

  it("a Baseline tier makes unknown only what comes down to it", () => {
    const lack = { plural: "baselineAdminNetworkPolicies", reason: "forbidden" } as const;
    expect(told(reachLacking(lack))).toEqual({ unknown: clients });
    expect(told(reachLacking(lack, policy("shop/deny", "podSelector: {}")))).toEqual({ blocked: clients });
  });
});

describe("where labels were not read", () => {
  const byLabel = allow("{ from: [{ namespaceSelector: { matchLabels: { team: platform } } }] }");

  it("it is not known whom a namespaceSelector means, but for the label that is a namespace's name (7.4)", () => {
    const lack = { plural: "namespaces", reason: "forbidden" } as const;
    expect(told(reachLacking(lack, byLabel))).toEqual({ unknown: clients });
    const byName = byLabel.replace("team: platform", "kubernetes.io/metadata.name: lab");
    expect(told(reachLacking(lack, byName))).toEqual({
      reachable: ["lab/proxy-0"],
      blocked: others("lab/proxy-0"),
    });
  });
});

describe("where pods were not read", () => {
  it("nothing is said of who may reach those behind a Service", () => {
    expect(reachLacking({ plural: "pods", reason: "forbidden" })).toMatchObject({
      sentence: "which pods stand behind it could not be read, so who may reach them is not known",
      namespaces: [],
      outside: [],
    });
  });

  it("a workload is told of by its template, and it does not say that there is no other", () => {
    const lack = { plural: "pods", reason: "forbidden" } as const;
    expect(reachLacking(lack, "", "to shop/statefulset/web")).toMatchObject({
      sentence: "pods could not be read, so which workloads may reach it is not known",
      namespaces: [],
      notes: ["its pods could not be read: this is of those that its template describes"],
    });
    expect(reachLacking(lack, "", "from shop/statefulset/web").sentence).toBe(
      "pods could not be read, so which workloads may be reached from it is not known",
    );
  });

  it("in full, it says that there may be other workloads", () => {
    const lack = { plural: "pods", reason: "failed", inPart: true } as const;
    expect(reachLacking(lack).notes).toEqual(["not all pods could be read: there may be other workloads"]);
  });
});
