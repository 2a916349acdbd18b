import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { clusterDns } from "./cluster-dns.ts";
import { namesAsked, resolvConf } from "./resolv-conf.ts";

const facts = factsFromYaml("");

function conf(dnsPolicy: string, searches: readonly string[] = [], ndots?: number, hostNetwork = false) {
  const dnsConfig = { nameservers: [], searches, ndots };
  return resolvConf(facts, { namespace: "shop", dnsPolicy, dnsConfig, hostNetwork }, clusterDns(facts));
}

const clusterSearches = ["shop.svc.cluster.local", "svc.cluster.local", "cluster.local"];

describe("what the kubelet writes", () => {
  it.each([
    ["ClusterFirst", false, "cluster", clusterSearches, 5],
    ["ClusterFirst", true, "node", [], 1],
    ["ClusterFirstWithHostNet", true, "cluster", clusterSearches, 5],
    ["Default", false, "node", [], 1],
    ["None", false, [], [], 1],
    ["Nonesuch", false, "cluster", clusterSearches, 5],
  ])("for dnsPolicy %s, on the node's network: %s", (dnsPolicy, hostNetwork, servers, searches, ndots) => {
    expect(conf(dnsPolicy, [], undefined, hostNetwork)).toMatchObject({ servers, searches, ndots });
  });

  it("appends the pod's own searches, each once, and takes its ndots up to 15", () => {
    expect(conf("ClusterFirst", ["Corp.example.com.", "cluster.local"], 99)).toMatchObject({
      searches: [...clusterSearches, "corp.example.com"],
      ndots: 15,
    });
  });
});

describe("the names that are asked", () => {
  it.each([
    [
      "with fewer dots than ndots, last as it is",
      "a.b",
      "relative",
      ["x", "y"],
      2,
      ["a.b.x", "a.b.y", "a.b"],
    ],
    ["with as many dots, first as it is", "a.b", "relative", ["x"], 1, ["a.b", "a.b.x"]],
    ["with ndots 0, first as it is", "a", "relative", ["x"], 0, ["a", "a.x"]],
    ["absolute, as it is", "a", "absolute", ["x"], 5, ["a"]],
    ["with the root in the list, there and not again", "a", "relative", ["", "x"], 1, ["a", "a.x"]],
  ] as const)("%s", (_, name, written, searches, ndots, expected) => {
    const given = { servers: "cluster", clusterNames: { known: "yes" }, searches, ndots } as const;
    expect(namesAsked(name, written, given)).toEqual(expected);
  });
});
