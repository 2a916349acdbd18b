/** Addresses outside the cluster, in the parts that policies tell apart. */
import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { groupsTold, reachOf } from "#lib/testing/ask-reach.ts";
import { namespace, pod, policy, service } from "#lib/testing/cluster-yaml.ts";

const shop = namespace("shop");
const web =
  pod("shop/web-0", { ports: "http:8080", ips: ["10.0.0.1"] }) + service("shop/web", { ports: "80:http" });

function outsideOf(yaml: string, asked: string): readonly string[] {
  const told = groupsTold(reachOf(worldFromYaml(shop + yaml), asked));
  return told.filter((line) => line.includes(" outside: "));
}

const ingress = (rules: string) => policy("shop/in", `podSelector: {}\ningress: [${rules}]`);
const egress = (rules: string) =>
  policy("shop/out", `podSelector: {}\npolicyTypes: [Egress]\negress: [${rules}]`);

describe("who may send from outside", () => {
  const to = (policies: string, pods = web) => outsideOf(pods + policies, "to shop/service/web");

  it("is everyone where no policy isolates, in one line", () => {
    expect(to("")).toEqual(["reachable outside: all addresses; no policy limits it"]);
  });

  it("is nobody where only pods are admitted", () => {
    expect(to(ingress("{ from: [{ namespaceSelector: {} }] }"))).toEqual([
      "blocked outside: all addresses; no rule of shop/in admits it",
    ]);
  });

  it("is a block without what it leaves out, and the rest apart (2.7)", () => {
    const block = "{ from: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.0/25] } }] }";
    expect(to(ingress(block))).toEqual([
      "blocked outside: other addresses; no rule of shop/in admits it",
      "reachable outside: 203.0.113.128/25; admitted by shop/in rule 1: addresses in 203.0.113.0/24 except 203.0.113.0/25, every port",
      "blocked outside: 203.0.113.0/25; no rule of shop/in admits it",
    ]);
  });

  it("is a link that a trace takes: a block of its own, the internet for the rest", () => {
    const rule = ingress("{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }");
    const { outside } = reachOf(worldFromYaml(shop + web + rule), "to shop/service/web");
    expect(
      outside.map(({ ends, count }) => [count, ...ends.map(({ text, object }) => [text, object])]),
    ).toEqual([
      [1, ["internet", undefined]],
      [1, ["203.0.113.0/24", undefined]],
    ]);
  });

  it("is asked about in the families that the pods have", () => {
    const both = web.replace('{ ip: "10.0.0.1" }', '{ ip: "10.0.0.1" }, { ip: "fd00::1" }');
    expect(to(ingress("{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }"), both)).toEqual([
      "reachable outside: other addresses; admitted by shop/in rule 1: addresses in 0.0.0.0/0, every port",
      "blocked outside: other addresses over IPv6; no rule of shop/in admits it",
    ]);
  });

  it("is asked about in no family in which the Service cannot be addressed", () => {
    const both = web
      .replace('{ ip: "10.0.0.1" }', '{ ip: "10.0.0.1" }, { ip: "fd00::1" }')
      .replace("ports: [{ port: 80", "clusterIP: 10.96.0.9\n  ports: [{ port: 80");
    expect(to("", both)).toEqual(["reachable outside: all addresses; no policy limits it"]);
  });

  it("is told with the ports where it is not so on each", () => {
    const two = `${web}${service("shop/two", { selector: "app=web", ports: "a:80:http b:81:81" })}`;
    expect(outsideOf(two + ingress("{ ports: [{ port: 81 }] }"), "to shop/service/two")).toEqual([
      "some-ports [81] outside: all addresses; admitted by shop/in rule 1: anyone, 81/TCP",
    ]);
  });

  it("depends on the pod where only some are isolated", () => {
    const other = pod("shop/web-1", {
      labels: "app=web,track=canary",
      ports: "http:8080",
      ips: ["10.0.0.2"],
    });
    const canary = policy("shop/canary", "podSelector: { matchLabels: { track: canary } }");
    expect(to(canary, web + other)).toEqual([
      "depends outside: all addresses; no rule of shop/canary admits it",
    ]);
  });
});

describe("where packets to outside may go", () => {
  const from = (policies: string) => outsideOf(web + policies, "from shop/web-0");

  it("is everywhere where no policy isolates", () => {
    expect(from(ingress("{}"))).toEqual(["reachable outside: all addresses; no policy limits it"]);
  });

  it("is a block, on the ports that its rule names", () => {
    expect(from(egress("{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 443 }] }"))).toEqual([
      "blocked outside: other addresses; no rule of shop/out lets it out",
      "some-ports [443] outside: 203.0.113.0/24; let out by shop/out rule 1: addresses in 203.0.113.0/24, 443/TCP",
    ]);
  });

  it.each([
    ["a number", "{ ports: [{ port: 443 }] }", "443"],
    ["a range, as a whole", "{ ports: [{ port: 8000, endPort: 8010 }] }", "any port of 8000–8010"],
    ["another protocol", "{ ports: [{ port: 53, protocol: UDP }] }", "53/UDP"],
    ["every port of another protocol", "{ ports: [{ protocol: UDP }] }", "any port by UDP"],
    ["several", "{ ports: [{ port: 443 }, { port: 53, protocol: UDP }] }", "443 and 53/UDP"],
    [
      "all ports but one",
      "{ ports: [{ port: 1, endPort: 24 }, { port: 26, endPort: 65535 }] }",
      "any port of 1–24 and any port of 26–65535",
    ],
  ])("is told with its ports: %s", (_what, rule, ports) => {
    const [line, ...more] = from(egress(rule));
    expect(line).toContain(
      `some-ports [${ports}] outside: all addresses; let out by shop/out rule 1: anywhere`,
    );
    expect(more).toEqual([]);
  });

  it("takes the ports of a tiered policy as well", () => {
    const admin = `
kind: ClusterNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha2
metadata: { name: web }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  egress: [{ action: Deny, to: [{ networks: [203.0.113.0/24] }], protocols: [{ tcp: { destinationPort: { number: 25 } } }] }]
---`;
    expect(from(admin)).toEqual([
      "reachable outside: other addresses; no policy limits it",
      "some-ports [any port but 25] outside: 203.0.113.0/24; no policy limits it",
    ]);
  });

  it("takes other protocols of a tiered policy as well", () => {
    const admin = `
kind: ClusterNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha2
metadata: { name: dns }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  egress: [{ action: Deny, to: [{ networks: [0.0.0.0/0] }], protocols: [{ udp: { destinationPort: { number: 53 } } }] }]
---`;
    expect(from(admin)).toEqual([
      "some-ports [any port and any port but 53 by UDP] outside: other addresses; no policy limits it",
    ]);
  });

  it("is not on a named port, since only pods name theirs (3.5)", () => {
    expect(from(egress("{ ports: [{ port: http }] }"))).toEqual([
      "blocked outside: all addresses; no rule of shop/out lets it out",
    ]);
  });
});
