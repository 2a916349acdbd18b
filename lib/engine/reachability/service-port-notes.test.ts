import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { reachOf } from "#lib/testing/ask-reach.ts";
import { namespace, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import type { DialectSettings } from "../trace/world.ts";

const shop = namespace("shop");
const web = pod("shop/web-0", { ports: "http:8079", ips: ["10.0.0.1"] });

function notesOf(yaml: string, settings: DialectSettings = {}): readonly string[] {
  return reachOf(worldFromYaml(shop + yaml, "cluster", settings), "to shop/service/web").notes;
}

const rule = (ports: string) => `{ from: [{ podSelector: {} }], ports: [${ports}] }`;
const allow = (...rules: readonly string[]) =>
  policy("shop/web-ingress", `podSelector: { matchLabels: { app: web } }\ningress: [${rules.join(", ")}]`);

const onPort80 =
  "rule 1 of shop/web-ingress admits nothing on port 80: it names the Service's port, and the pods listen on 8079";

describe("a rule that names the Service's port", () => {
  it("is noted where the pods listen on another one", () => {
    const yaml = web + service("shop/web", { ports: "80:http" }) + allow(rule("{ port: 80 }"));
    expect(notesOf(yaml)).toEqual([onPort80]);
  });

  it.each([
    ["a range that holds it", "{ port: 1, endPort: 1023 }"],
    ["the right port of another Service port beside it", "{ port: 80 }, { port: 9102 }"],
  ])("is noted with %s", (_what, ports) => {
    const two = service("shop/web", { ports: "a:80:http b:9102:9102" });
    expect(notesOf(web + two + allow(rule(ports)))).toEqual([onPort80]);
  });

  it("is counted as people do, each rule by itself", () => {
    const yaml =
      web +
      service("shop/web", { ports: "80:http" }) +
      allow(rule("{ port: 8079 }"), rule("{ port: 80 }"), rule("{ port: 443 }"));
    expect(notesOf(yaml)).toEqual([onPort80.replace("rule 1", "rule 2")]);
  });

  it("is noted with each number on which the pods listen, and with the protocol", () => {
    const other = pod("shop/web-1", { ports: "http:8081", ips: ["10.0.0.2"] });
    const yaml = web + other + service("shop/web", { ports: "80:http" }) + allow(rule("{ port: 80 }"));
    expect(notesOf(yaml)).toEqual([onPort80.replace("8079", "8079 and 8081")]);
    const dns =
      pod("shop/web-0", { ports: "dns:5353/UDP" }) +
      service("shop/web", { ports: "53:dns/UDP" }) +
      allow(rule("{ port: 53, protocol: UDP }"));
    expect(notesOf(dns)).toEqual([
      "rule 1 of shop/web-ingress admits nothing on port 53/UDP: it names the Service's port, and the pods listen on 5353",
    ]);
  });

  it.each([
    ["the pods' port is the same", "80:80", rule("{ port: 80 }")],
    ["it names the pods' port as well", "80:http", rule("{ port: 80 }, { port: http }")],
    ["it is for any port", "80:http", "{ from: [{ podSelector: {} }] }"],
    ["it names another protocol", "80:http", rule("{ port: 80, protocol: UDP }")],
    ["it names another port altogether", "80:http", rule("{ port: 443 }")],
    ["it names a port that happens to have that number", "80:http", rule("{ port: other }")],
  ])("is not noted where %s", (_what, ports, written) => {
    const pods = pod("shop/web-0", { ports: "http:8079 other:80", ips: ["10.0.0.1"] });
    expect(notesOf(pods + service("shop/web", { ports }) + allow(written))).toEqual([]);
  });

  it("is not noted for a headless Service, which translates no port", () => {
    const headless = service("shop/web", { ports: "80:http", spec: "clusterIP: None" });
    expect(notesOf(web + headless + allow(rule("{ port: 80 }")))).toEqual([]);
  });

  it("is not noted where its policy isolates others, or is about what they send", () => {
    const named = service("shop/web", { ports: "80:http" });
    const others = policy(
      "shop/others",
      `podSelector: { matchLabels: { app: other } }\ningress: [${rule("{ port: 80 }")}]`,
    );
    const egress = policy(
      "shop/out",
      "podSelector: {}\npolicyTypes: [Egress]\negress: [{ ports: [{ port: 80 }] }]",
    );
    expect(notesOf(web + named + others + egress)).toEqual([]);
  });

  it("is held only against the pods that its policy isolates", () => {
    const plain = pod("shop/web-1", { labels: "app=web,track=old", ports: "http:80", ips: ["10.0.0.2"] });
    const some = policy(
      "shop/web-ingress",
      `podSelector: { matchExpressions: [{ key: track, operator: DoesNotExist }] }\ningress: [${rule("{ port: 80 }")}]`,
    );
    expect(notesOf(web + plain + service("shop/web", { ports: "80:http" }) + some)).toEqual([onPort80]);
  });

  it("is not noted for pods that no policy binds", () => {
    const host = pod("shop/web-0", { ports: "http:8079", spec: "hostNetwork: true" });
    const yaml = host + service("shop/web", { ports: "80:http" }) + allow(rule("{ port: 80 }"));
    expect(notesOf(yaml, { hostNetworkPods: "as-node" })).toEqual([]);
    expect(notesOf(yaml, { hostNetworkPods: "as-pod" })).toEqual([onPort80]);
  });
});
