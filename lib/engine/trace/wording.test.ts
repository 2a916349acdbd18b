import { describe, expect, it } from "vitest";
import { told, traceOf } from "#lib/testing/ask.ts";
import { base, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import { worldOfCase } from "#lib/testing/trace-case.ts";
import { compileFacts } from "../compile-facts.ts";
import { byName } from "./differences.ts";
import { didYouMean } from "./resolve-end.ts";
import { worldOf } from "./world.ts";

const cart = pod("shop/cart-0", { ips: ["10.244.1.6"], node: "node-1" });
const webs = [1, 2, 3, 4]
  .map((n) =>
    pod(`shop/web-${n}`, {
      labels: `app=web,number=${n}`,
      ips: [`10.244.2.${10 + n}`],
      node: "node-2",
      ports: n === 4 ? "" : "8080",
    }),
  )
  .join("");
const web = webs + service("shop/web", { ports: "80:8080", ip: "10.96.1.1" });
/** Tells the pods apart by their labels. */
const byNumber = (numbers: string, rules: string) =>
  policy(
    `shop/n${numbers.replace(",", "")}`,
    `podSelector: { matchExpressions: [{ key: number, operator: In, values: [${numbers.replace(/\d/g, "'$&'")}] }] }\n${rules}`,
  );

const api = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: api, namespace: shop }
spec:
  serviceName: api
  selector: { matchLabels: { app: api } }
  template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: app, image: app }] } }
---`;

function lines(yaml: string, ask: string, more: Partial<Parameters<typeof worldOfCase>[0]> = {}) {
  return told(traceOf(worldOfCase({ promise: "", yaml, ask, tells: [""], ...more }), ask));
}

function starting(all: readonly string[], start: string): readonly string[] {
  return all.map((line) => line.trim()).filter((line) => line.startsWith(start));
}

describe("what a trace tells of several paths", () => {
  const apart =
    web + byNumber("1", "ingress: [{}]") + byNumber("2", "ingress: [{ from: [{ podSelector: {} }] }]");

  it("tells pods of several kinds that run as one", () => {
    expect(starting(lines(base + cart + apart, "shop/cart-0 shop/service/web 80"), "destination")).toEqual([
      "destination pass: web-1 and 3 more run",
    ]);
  });

  it("tells what lets packets through in the first two ways, and counts the others", () => {
    const more = byNumber("3", "ingress: [{ ports: [{ port: 8080 }] }]");
    expect(starting(lines(base + cart + apart + more, "shop/cart-0 shop/service/web 80"), "ingress")).toEqual(
      [
        "ingress-policy pass: allowed by shop/n1 rule 1: anyone, every port; elsewhere allowed by shop/n2 rule 1: every pod of shop, every port; and in 2 more ways",
      ],
    );
  });

  it("tells endpoints to which packets of several senders go as one", () => {
    const senders = ["web-1", "web-2"].map((name, i) =>
      pod(`shop/${name.replace("web", "api")}`, {
        ips: [`10.244.${i + 1}.30`],
        node: `node-${i + 1}`,
        ports: "8080",
        owner: "StatefulSet/api",
      }),
    );
    const local = service("shop/api", {
      ports: "80:8080",
      ip: "10.96.1.3",
      spec: "internalTrafficPolicy: Local",
    });
    const told = lines(base + senders.join("") + api + local, "shop/statefulset/api shop/service/api 80");
    expect(starting(told, "service")).toEqual(["service pass: 10.96.1.3:80 → port 8080 of 2 endpoints"]);
  });

  it("tells nodes as one", () => {
    expect(starting(lines(base + cart, "shop/cart-0 192.168.0.0/24 22"), "destination")).toContain(
      "destination pass: on nodes node-1 and 1 more; what listens there is not in the cluster; elsewhere leaves the cluster; what happens there is not in the cluster",
    );
  });

  it("has the sides that are stopped first, then those that are not known, then those that get through", () => {
    const cilium = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: l7, namespace: shop }
spec: { endpointSelector: { matchLabels: { number: "2" } }, ingress: [{}] }
---`;
    const closed = byNumber("3,4", "ingress: []");
    const told = lines(base + cart + web + cilium + closed, "shop/cart-0 shop/service/web 80");
    expect(starting(told, "side").map((line) => line.replace(/:.*/, ""))).toEqual([
      "side to web-3 and web-4, blocked",
      "side to web-2, unknown",
      "side to web-1, reachable",
    ]);
  });
});

describe("what a trace tells of what is not known", () => {
  const unread = ["clusterNetworkPolicies", "adminNetworkPolicies", "baselineAdminNetworkPolicies"] as const;
  const why =
    "ClusterNetworkPolicies, AdminNetworkPolicies and BaselineAdminNetworkPolicies could not be read, and may decide about it";

  it("tells the kinds of all tiers that were not read in one sentence, and each reason at one hop only", () => {
    const told = lines(base + cart + web, "shop/cart-0 web 80", { unread });
    expect(told[0]).toBe(`unknown: whether cart-0 reaches web on 80 is not known: ${why}`);
    expect(told.filter((line) => line.includes(" unknown: "))).toEqual([
      `dns unknown: web → 10.96.1.1; whether its questions get to DNS is not known: ${why}`,
      "egress-policy unknown: not known either, for the same reason",
      "ingress-policy unknown: not known either, for the same reason",
    ]);
  });

  it("names the kinds of the Admin tier only where a NetworkPolicy leaves nothing to the Baseline tier", () => {
    const open = policy(
      "shop/open",
      "podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: [{}]\negress: [{}]",
    );
    const told = lines(base + cart + web + open, "shop/cart-0 shop/web-1 8080", { unread });
    expect(told[0]).toBe(
      "unknown: whether cart-0 reaches web-1 on 8080 is not known: ClusterNetworkPolicies and AdminNetworkPolicies could not be read, and may decide about it",
    );
  });

  it("keeps reasons that differ", () => {
    const told = lines(base + cart + web, "shop/cart-0 shop/web-1 8080", {
      unread: ["networkPolicies", "ciliumNetworkPolicies"],
    });
    expect(told[0]).toContain("NetworkPolicies and CiliumNetworkPolicies could not be read");
  });
});

describe("what a trace tells of a Service's port that is not there", () => {
  it("goes on to the endpoints of the port that was meant, without a second hop for the Service", () => {
    const told = lines(base + cart + web, "shop/cart-0 shop/service/web 81");
    expect(starting(told, "service")).toEqual(["service block: web has no port 81"]);
    expect(starting(told, "near")).toEqual(["near: it has port 80"]);
    expect(starting(told, "endpoints")).toEqual(["endpoints pass: 4 of 4 ready"]);
  });

  it("keeps what else is wrong with the Service", () => {
    const none = service("shop/web", { selector: "app=wbe", ports: "80:8080", ip: "10.96.1.1" });
    const told = lines(base + cart + webs + none, "shop/cart-0 shop/service/web 81");
    expect(starting(told, "service")).toEqual([
      "service block: web has no port 81",
      "service block: web selects no pod: app=wbe",
    ]);
  });
});

describe("what a trace tells of pods that are not ready and asked directly", () => {
  const owned = (n: number, ready: boolean) =>
    pod(`shop/api-${n}`, {
      ips: [`10.244.1.${20 + n}`],
      node: "node-1",
      ports: "80",
      ready,
      owner: "StatefulSet/api",
    }) + api;
  it.each([
    ["a pod", owned(0, false), "shop/api-0", /^remark: api-0 is not ready\b/],
    ["its only pod", owned(0, false), "shop/statefulset/api", /^remark: its only pod, api-0, is not ready\b/],
    [
      "one of several",
      owned(0, true) + owned(1, false),
      "shop/statefulset/api",
      /^remark: 1 of its 2 pods is not ready\b/,
    ],
    [
      "all of several",
      owned(0, false) + owned(1, false),
      "shop/statefulset/api",
      /^remark: none of its 2 pods is ready\b/,
    ],
  ])("tells of %s", (_, yaml, to, expected) => {
    const told = lines(base + cart + yaml, `shop/cart-0 ${to} 80`);
    expect(starting(told, "remark").filter((line) => line.includes("ready"))).toEqual([
      expect.stringMatching(expected),
    ]);
  });
});

describe("what a trace tells of a name that is not there", () => {
  it.each([
    ["crat.shop", "the nearest Service in shop is cart"],
    ["nosuch.shop", "shop has the Services cart and web"],
    ["nosuch.payments", "payments has no Service"],
  ])("%s: %s", (name, near) => {
    const told = lines(
      base + cart + web + service("shop/cart", { ip: "10.96.1.2" }),
      `shop/cart-0 ${name} 80`,
    );
    expect(starting(told, "near")).toEqual([`near: ${near}`]);
  });
});

describe("byName", () => {
  it.each([
    [
      ["to web-10", "to web-2", "from node-1", "to web"],
      ["from node-1", "to web", "to web-2", "to web-10"],
    ],
    [
      ["10.244.10.1", "10.244.9.7"],
      ["10.244.9.7", "10.244.10.1"],
    ],
  ])("puts %j in the order %j", (names, expected) => {
    expect(names.toSorted(byName)).toEqual(expected);
  });
});

describe("didYouMean", () => {
  it.each([
    [[], ""],
    [["a"], "; did you mean a?"],
    [["a", "b"], "; did you mean a or b?"],
    [["a", "b", "c", "d"], "; did you mean a, b or c?"],
  ])("of %j is %s", (nearest, expected) => {
    expect(didYouMean(nearest)).toBe(expected);
  });
});

it("looks at the Services over a pod as they are, though the pod stays the same", () => {
  const world = worldOfCase({
    promise: "",
    yaml:
      base +
      cart +
      web +
      policy("shop/any", "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 80 }] }]"),
    ask: "",
    tells: [""],
  });
  const { snapshot } = world.facts;
  const without = worldOf(
    compileFacts({ ...snapshot, objects: { ...snapshot.objects, services: [] } }, "2026-01-01T00:00:00Z"),
  );
  const near = (of: typeof world) =>
    starting(
      told(traceOf(of, "shop/cart-0 10.244.2.11 8080")),
      "near: any rule 1 admits 80/TCP: 80 is the Service's port",
    );
  expect(near(world)).toHaveLength(1);
  expect(near(without)).toEqual([]);
});
