import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import type { Asker, NameAnswer } from "./name-answer.ts";
import { resolveName } from "./resolve-name.ts";

const now = "2026-05-04T10:00:00Z";

const service = (namespace: string, name: string, spec = "", ports = "{ name: http, port: 80 }") => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec}${spec === "" ? "" : ", "}ports: [${ports}] }`;

const clusterIp = (namespace: string, name: string, ip = "10.96.41.7") =>
  service(namespace, name, `selector: { app: ${name} }, clusterIP: ${ip}`);

const headless = (namespace: string, name: string, more = "") =>
  service(namespace, name, `selector: { app: ${name} }, clusterIP: None${more}`);

const external = (namespace: string, name: string, target: string) =>
  service(namespace, name, `type: ExternalName, externalName: ${target}`, "");

const pod = (
  name: string,
  {
    namespace = "shop",
    app = name.replace(/-\d+$/, ""),
    ready = true,
    spec = "",
    ip = "10.244.0.7",
  }: { namespace?: string; app?: string; ready?: boolean; spec?: string; ip?: string } = {},
) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${app} } }
spec: { ${spec}${spec === "" ? "" : ", "}containers: [{ name: web, image: web }] }
status:
  phase: Running
  podIP: ${ip}
  conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }]`;

const namespace = (name: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name} }`;

const statefulSet = (replicas: number, serviceName = "cart") => `
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cart, namespace: shop }
spec:
  replicas: ${replicas}
  serviceName: ${serviceName}
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: web, image: web }] }`;

const kubeDns = `
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec: { clusterIP: 10.96.0.10, selector: { k8s-app: kube-dns }, ports: [{ name: dns, port: 53, protocol: UDP }] }`;

const corefile = (zone: string, pods = "insecure") => `
---
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        kubernetes ${zone} in-addr.arpa ip6.arpa {
           pods ${pods}
        }
        forward . /etc/resolv.conf
    }`;

interface AskerGiven {
  readonly in?: string;
  readonly dnsPolicy?: string;
  readonly hostNetwork?: boolean;
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly ndots?: number;
}

function asker(given: AskerGiven = {}): Asker {
  const { nameservers = [], searches = [], ndots } = given;
  return {
    namespace: given.in ?? "shop",
    dnsPolicy: given.dnsPolicy ?? "ClusterFirst",
    hostNetwork: given.hostNetwork ?? false,
    dnsConfig: { nameservers, searches, ndots },
  };
}

function ask(yaml: string | Facts, name: string, given: AskerGiven = {}) {
  return resolveName(typeof yaml === "string" ? factsFromYaml(yaml) : yaml, name, asker(given));
}

/** "service/shop/cart", "outside db.example.com", "not-found: no Service …". */
function inWords(answer: NameAnswer): string {
  switch (answer.kind) {
    case "service":
      return answer.service.id;
    case "endpoints":
      return `endpoints of ${answer.service.id}`;
    case "pod":
      return `${answer.pod} below ${answer.service.id}`;
    case "address":
      return answer.address;
    case "outside":
      return `outside ${answer.hostname}`;
    case "not-found":
      return `not-found: ${answer.sentence}`;
    case "unknown":
      return `unknown: ${answer.doubt.sentence}`;
  }
}

const answer = (yaml: string | Facts, name: string, given: AskerGiven = {}) =>
  inWords(ask(yaml, name, given).answer);

const near = (yaml: string | Facts, name: string, given: AskerGiven = {}) => {
  const found = ask(yaml, name, given).answer;
  return found.kind === "not-found" ? found.nearMiss : undefined;
};

/** The same with a kind unread. */
function unreadable(
  yaml: string,
  plural: keyof Snapshot["objects"],
  part: "whole" | "part" = "whole",
): Facts {
  const snapshot = snapshotFromYaml(yaml);
  const left = part === "whole" ? undefined : snapshot.objects[plural];
  return compileFacts(
    {
      ...snapshot,
      objects: { ...snapshot.objects, [plural]: left },
      unread: { [plural]: { reason: "forbidden", message: "forbidden" } },
    },
    now,
  );
}

const cluster =
  clusterIp("shop", "cart") +
  clusterIp("payments", "orders", "10.96.41.8") +
  headless("shop", "peers") +
  pod("peers-0", { spec: "hostname: peers-0, subdomain: peers" }) +
  pod("peers-1", { spec: "hostname: peers-1, subdomain: peers", ip: "10.244.0.8", ready: false }) +
  clusterIp("default", "kubernetes", "10.96.0.1") +
  kubeDns;

describe("a Service's name", () => {
  it.each([
    ["cart", "shop", "service/shop/cart"],
    ["CART", "shop", "service/shop/cart"],
    ["cart.shop", "payments", "service/shop/cart"],
    ["cart.shop.svc", "payments", "service/shop/cart"],
    ["cart.shop.svc.cluster.local", "payments", "service/shop/cart"],
    ["Cart.Shop.SVC.cluster.local.", "payments", "service/shop/cart"],
    ["orders.payments", "shop", "service/payments/orders"],
    ["kubernetes.default", "payments", "service/default/kubernetes"],
    ["kubernetes.default.svc", "payments", "service/default/kubernetes"],
    ["peers", "shop", "endpoints of service/shop/peers"],
    ["peers-0.peers", "shop", "pod/shop/peers-0 below service/shop/peers"],
    ["peers-0.peers.shop", "payments", "pod/shop/peers-0 below service/shop/peers"],
    ["_http._tcp.cart.shop.svc.cluster.local", "payments", "service/shop/cart"],
    ["_http._tcp.cart.shop", "payments", "service/shop/cart"],
  ])("finds %s from %s", (name, from, expected) => {
    expect(answer(cluster, name, { in: from })).toBe(expected);
  });

  it("has an answer without a selector and without ready endpoints, unless it is headless", () => {
    expect(answer(service("shop", "db", "clusterIP: 10.96.1.1"), "db")).toBe("service/shop/db");
    expect(answer(clusterIp("shop", "cart"), "cart")).toBe("service/shop/cart");
  });

  it("lists what was asked in order, up to the name that answered", () => {
    expect(ask(cluster, "orders.payments")).toMatchObject({
      steps: [
        { name: "orders.payments.shop.svc.cluster.local", result: "no such name" },
        { name: "orders.payments.svc.cluster.local", result: "Service payments/orders, 10.96.41.8" },
      ],
      servers: "cluster",
      remarks: [],
    });
  });

  it("remarks on lookups that fail first: a full name without a final dot has less than 5 dots", () => {
    const { steps, remarks } = ask(cluster, "cart.shop.svc.cluster.local");
    expect(steps.map(({ name }) => name)).toEqual([
      "cart.shop.svc.cluster.local.shop.svc.cluster.local",
      "cart.shop.svc.cluster.local.svc.cluster.local",
      "cart.shop.svc.cluster.local.cluster.local",
      "cart.shop.svc.cluster.local",
    ]);
    expect(remarks).toEqual(["with ndots 5, 3 lookups fail before this one answers"]);
    expect(ask(cluster, "cart.shop.svc.cluster.local.")).toMatchObject({ remarks: [], steps: [{}] });
  });

  it("remarks that a name with a port is for SRV queries, and knows the ports", () => {
    expect(ask(cluster, "_http._tcp.cart.shop.svc.cluster.local.").remarks).toEqual([
      "_http._tcp names a port: only an SRV query tells its number",
    ]);
    expect(ask(cluster, "_grpc._tcp.cart.shop.svc.cluster.local.").answer).toEqual({
      kind: "not-found",
      sentence: "Service shop/cart has no TCP port named grpc",
      nearMiss: "its ports are http",
      object: "service/shop/cart",
    });
  });

  const domainLabel = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  it("resolves in full to the same Service from every namespace", () => {
    const services = fc.uniqueArray(fc.record({ name: domainLabel, namespace: domainLabel }), {
      minLength: 1,
      maxLength: 8,
      selector: ({ name, namespace: of }) => `${of}/${name}`,
    });
    fc.assert(
      fc.property(services, domainLabel, fc.constantFrom("", "."), (list, from, dot) => {
        const facts = factsFromYaml(
          list.map((each) => clusterIp(each.namespace, each.name)).join("") + namespace(from),
        );
        for (const { service: each } of facts.services.values()) {
          for (const inNamespace of [...list.map((other) => other.namespace), from]) {
            const full = `${each.name}.${each.namespace}.svc.cluster.local${dot}`;
            expect(answer(facts, full, { in: inNamespace })).toBe(each.id);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a name of another zone", () => {
  it("is asked below the cluster's domains first, unless it ends in a dot", () => {
    const { answer: found, steps, remarks } = ask(cluster, "api.example.com");
    expect(found).toEqual({ kind: "outside", hostname: "api.example.com" });
    expect(steps.map(({ name }) => name)).toEqual([
      "api.example.com.shop.svc.cluster.local",
      "api.example.com.svc.cluster.local",
      "api.example.com.cluster.local",
      "api.example.com",
    ]);
    expect(remarks).toEqual(["with ndots 5, 3 lookups fail before this one answers"]);
    expect(ask(cluster, "api.example.com.")).toMatchObject({
      answer: { kind: "outside", hostname: "api.example.com" },
      steps: [{ name: "api.example.com" }],
      remarks: [],
    });
  });

  it("is asked as it is first where it has as many dots as ndots, and nothing further then", () => {
    const { steps, remarks } = ask(cluster, "api.example.com", { ndots: 2 });
    expect(steps).toEqual([
      { name: "api.example.com", result: "outside the cluster: for other servers to say" },
    ]);
    expect(remarks).toEqual([]);
  });

  it("gives way to a Service that the search list leads to, with a remark", () => {
    const { answer: found, steps, remarks } = ask(cluster, "orders.payments", { ndots: 1 });
    expect(inWords(found)).toBe("service/payments/orders");
    expect(steps.map(({ name }) => name)).toEqual([
      "orders.payments",
      "orders.payments.shop.svc.cluster.local",
      "orders.payments.svc.cluster.local",
    ]);
    expect(remarks).toEqual([
      "orders.payments is asked before; if a server outside the cluster knows it, that answer stands",
    ]);
  });

  it.each([
    ["redis.io"],
    ["cart.com"],
    ["vault.corp"],
    ["my.cart.internal"],
    ["cart.shop.svc.clusterset.local"],
    ["cart.shop.svc.other.test"],
    ["kafka.acme"],
    ["a.b.c.d.example"],
  ])("is outside: %s", (name) => {
    const facts = factsFromYaml(cluster + corefile("k8s.acme.test"));
    expect(answer(facts, name)).toBe(`outside ${name}`);
  });
});

describe("a name that no Service has", () => {
  const shops =
    clusterIp("shop", "cart") +
    clusterIp("sock-shop", "carts") +
    clusterIp("boutique", "cart") +
    corefile("cluster.local");

  it.each([
    ["nothing", "shop", "no Service nothing in shop; only the cluster's own names were looked at", undefined],
    [
      "carts",
      "shop",
      "no Service carts in shop; only the cluster's own names were looked at",
      "the nearest Service in shop is cart; there is a Service carts in namespace sock-shop: ask for carts.sock-shop",
    ],
    [
      "cart",
      "payments",
      "no Service cart in payments; only the cluster's own names were looked at",
      "there is a Service cart in namespaces boutique and shop: ask for cart.boutique",
    ],
    [
      "orders.shop",
      "shop",
      "no Service orders in shop; only the cluster's own names were looked at",
      undefined,
    ],
    [
      "cart.shpo",
      "shop",
      "there is no namespace shpo; only the cluster's own names were looked at",
      "there is a Service cart in namespaces shop and boutique: ask for cart.shop",
    ],
    [
      "crat.shop.svc.cluster.local",
      "boutique",
      "no Service crat in shop",
      "the nearest Service in shop is cart",
    ],
    [
      "cart.shpo.svc",
      "boutique",
      "there is no namespace shpo",
      "there is a Service cart in namespaces shop and boutique: ask for cart.shop",
    ],
    [
      "cart.shop.cluster.local",
      "boutique",
      "no such name: cart.shop.cluster.local lacks svc before cluster.local",
      "ask for cart.shop.svc.cluster.local",
    ],
    [
      "shop.svc.cluster.local",
      "shop",
      "shop.svc.cluster.local is no name of the cluster: below cluster.local stand <service>.<namespace>.svc and <address>.<namespace>.pod",
      undefined,
    ],
    [
      "cart.shop.",
      "shop",
      "no such name: cart.shop is taken as absolute, and the Service is cart.shop.svc.cluster.local",
      "ask for cart.shop.svc.cluster.local",
    ],
    [
      "cart.shop.svc.cluster.locl",
      "shop",
      "the cluster's domain is cluster.local, not cluster.locl",
      "ask for cart.shop.svc.cluster.local",
    ],
  ])("says of %s from %s what is not there and what is near", (name, from, sentence, nearMiss) => {
    expect(ask(shops + namespace("payments"), name, { in: from }).answer).toMatchObject({
      kind: "not-found",
      sentence,
      nearMiss,
      object: undefined,
    });
  });

  it.each([
    ["orders.shop", "shop has the Service cart"],
    ["orders", "shop has the Service cart"],
    ["orders.payments", "payments has no Service"],
    ["orders.shop.svc.cluster.local", "shop has the Service cart"],
    ["crat.shop", undefined],
    ["orders.nowhere.svc.cluster.local", undefined],
  ])("says of %s what there is where nothing is near: %s", (name, there) => {
    const { answer } = ask(shops + namespace("payments"), name, { in: "shop" });
    expect(answer.kind === "not-found" && answer.there).toBe(there);
  });

  it("names a workload that no Service gives a name", () => {
    expect(near(statefulSet(1) + clusterIp("shop", "web"), "cart")).toBe(
      "statefulset/cart is there, but only a Service gives pods a name",
    );
  });

  it("says what the cluster's domain is", () => {
    expect(answer(clusterIp("shop", "cart") + corefile("k8s.acme.test"), "cart.shop.svc.cluster.local")).toBe(
      "not-found: the cluster's domain is k8s.acme.test, not cluster.local",
    );
    expect(answer(clusterIp("shop", "cart") + corefile("k8s.acme.test"), "cart.shop.svc.k8s.acme.test")).toBe(
      "service/shop/cart",
    );
  });

  it("cannot tell whether another domain is the cluster's where no Corefile was read", () => {
    expect(answer(cluster, "cart.shop.svc.k8s.acme.test")).toBe(
      "unknown: whether the cluster's domain is k8s.acme.test is not known: no Corefile was read",
    );
  });

  it.each([
    ["", "an empty name asks for nothing"],
    [".", "an empty name asks for nothing"],
    ["a..b", "a..b is no DNS name: there is nothing between two of its dots"],
    ["cart shop", "cart shop is no DNS name: a space may not stand in one"],
    ["https://cart", "https://cart is no DNS name: : may not stand in one"],
    ["cart-.shop", "cart-.shop is no DNS name: cart- begins or ends with a hyphen"],
    ["a".repeat(64), `${"a".repeat(64)} is no DNS name: ${"a".repeat(19)}… is longer than 63 characters`],
    [
      Array(52).fill("aaaa").join("."),
      `${Array(52).fill("aaaa").join(".").slice(0, 79)}… is no DNS name: it is longer than 253 characters`,
    ],
  ])("is malformed: %j", (name, sentence) => {
    expect(ask(cluster, name)).toMatchObject({ answer: { kind: "not-found", sentence }, steps: [] });
  });

  it("is no name at all when it is an address, or localhost", () => {
    expect(answer(cluster, "10.96.41.7")).toBe("10.96.41.7");
    expect(answer(cluster, "fd00::7")).toBe("fd00::7");
    expect(answer(cluster, "localhost")).toBe("127.0.0.1");
  });
});

describe("a headless Service's name", () => {
  const none = "Service shop/cart is headless, and none of its endpoints is ready: the name has no address";

  it.each([
    ["a ready endpoint", headless("shop", "cart") + pod("cart-0"), "endpoints of service/shop/cart"],
    ["none that is ready", headless("shop", "cart") + pod("cart-0", { ready: false }), `not-found: ${none}`],
    [
      "none that is ready, but publishNotReadyAddresses",
      headless("shop", "cart", ", publishNotReadyAddresses: true") + pod("cart-0", { ready: false }),
      "endpoints of service/shop/cart",
    ],
    [
      "none at all",
      headless("shop", "cart") + pod("web"),
      "not-found: Service shop/cart is headless, and it has no endpoints: the name has no address",
    ],
  ])("with %s", (_, yaml, expected) => {
    expect(answer(yaml, "cart")).toBe(expected);
  });

  it("cannot be told without pods and EndpointSlices", () => {
    const facts = unreadable(headless("shop", "cart"), "pods");
    expect(answer(facts, "cart")).toMatch(
      /^unknown: Service shop\/cart is headless, and whether an endpoint/,
    );
    expect(answer(facts, "cart-0.cart")).toMatch(
      /^unknown: not all endpoints of Service shop\/cart are known/,
    );
  });
});

describe("a name below a Service", () => {
  const slice = (endpoints: string) => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-x, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: [{ name: http, port: 80, protocol: TCP }]
endpoints: [${endpoints}]`;
  const target = (name: string) => `targetRef: { kind: Pod, namespace: shop, name: ${name} }`;
  const sliced =
    headless("shop", "cart") +
    pod("cart-0", { spec: "hostname: cart-0, subdomain: cart" }) +
    pod("cart-1", { spec: "hostname: cart-1, subdomain: cart", ip: "10.244.0.8" }) +
    pod("cart-x", { app: "cart", ip: "10.244.0.9" });
  const slices = slice(
    [
      `{ addresses: [10.244.0.7], hostname: cart-0, ${target("cart-0")} }`,
      `{ addresses: [10.244.0.8], hostname: cart-1, ${target("cart-1")}, conditions: { ready: false } }`,
      `{ addresses: [10.244.0.9], ${target("cart-x")} }`,
    ].join(", "),
  );

  it.each([
    ["cart-0.cart", "pod/shop/cart-0 below service/shop/cart"],
    ["10-244-0-9.cart", "pod/shop/cart-x below service/shop/cart"],
    ["10-244-0-7.cart", "not-found: no endpoint of Service shop/cart is named 10-244-0-7"],
    [
      "cart-1.cart",
      "not-found: pod cart-1 is not ready, so that cart-1 has no address below Service shop/cart",
    ],
    ["cart-2.cart", "not-found: no endpoint of Service shop/cart is named cart-2"],
    ["cart-x.cart", "not-found: no endpoint of Service shop/cart is named cart-x"],
  ])("is an endpoint's host name, else its address with dashes: %s", (name, expected) => {
    expect(answer(sliced + slices, name)).toBe(expected);
  });

  it("says what a pod lacks to have one", () => {
    expect(near(sliced + slices, "cart-x.cart")).toBe(
      "pod cart-x has no name below a Service: for that, its spec sets hostname and subdomain",
    );
    expect(near(sliced + slices, "cart-2.cart")).toBe("the nearest name is cart-0");
    const other = headless("shop", "cart") + pod("cart-0", { spec: "hostname: cart-0, subdomain: peers" });
    expect(near(other, "cart-0.cart")).toBe("pod cart-0 has its name below peers: ask for cart-0.peers.shop");
  });

  it("is an address where someone wrote the slice by hand", () => {
    const yaml =
      service("shop", "cart", "clusterIP: None") + slice("{ addresses: [192.0.2.1], hostname: primary }");
    expect(answer(yaml, "primary.cart")).toBe("192.0.2.1");
  });

  it("is there under a Service with a cluster IP as well", () => {
    const yaml = clusterIp("shop", "cart") + pod("cart-0", { spec: "hostname: cart-0, subdomain: cart" });
    expect(answer(yaml, "cart-0.cart.shop.svc.cluster.local")).toBe(
      "pod/shop/cart-0 below service/shop/cart",
    );
    expect(answer(yaml, "cart-1.cart.shop.svc.cluster.local")).toBe(
      "not-found: no endpoint of Service shop/cart is named cart-1",
    );
  });

  it("is preferred where a namespace bears the Service's name", () => {
    const yaml = sliced + slices + namespace("cart") + clusterIp("cart", "web");
    expect(answer(yaml, "cart-0.cart")).toBe("pod/shop/cart-0 below service/shop/cart");
    expect(answer(yaml, "cart-2.cart")).toBe("not-found: no endpoint of Service shop/cart is named cart-2");
    expect(answer(yaml, "web.cart")).toBe("service/cart/web");
  });
});

describe("an address in a name", () => {
  it.each([
    ["10-244-0-7.shop.pod.cluster.local", "10.244.0.7"],
    ["10-244-0-7.shop.pod", "10.244.0.7"],
    ["fd00--7.shop.pod.cluster.local", "fd00::7"],
    ["10-244-0-7.nowhere.pod.cluster.local", "not-found: there is no namespace nowhere"],
    ["10-244-0-700.shop.pod.cluster.local", "not-found: 10-244-0-700 spells no IP address"],
    ["cart-0.shop.pod.cluster.local", "not-found: cart-0 spells no IP address"],
  ])("%s", (name, expected) => {
    expect(answer(cluster, name)).toBe(expected);
  });

  it("has to be a pod's, or has no answer, where the Corefile says so", () => {
    const verified = cluster + corefile("cluster.local", "verified");
    expect(answer(verified, "10-244-0-7.shop.pod.cluster.local")).toBe("10.244.0.7");
    expect(answer(verified, "10-244-0-9.shop.pod.cluster.local")).toBe(
      "not-found: no pod of shop has the address 10.244.0.9",
    );
    expect(answer(cluster + corefile("cluster.local", "disabled"), "10-244-0-7.shop.pod.cluster.local")).toBe(
      "not-found: CoreDNS does not answer names of pods' addresses: its Corefile leaves pods disabled",
    );
  });

  it("cannot be told where namespaces are not known", () => {
    const facts = unreadable(cluster, "namespaces");
    expect(answer(facts, "10-244-0-7.nowhere.pod.cluster.local")).toBe(
      "unknown: whether there is a namespace nowhere is not known",
    );
  });
});

describe("an ExternalName", () => {
  it.each([
    ["outside", "db.example.com", "outside db.example.com"],
    ["outside, with a final dot and capitals", "DB.Example.com.", "outside db.example.com"],
    ["a Service", "cart.shop.svc.cluster.local", "service/shop/cart"],
    [
      "a missing Service",
      "crat.shop.svc.cluster.local",
      "not-found: an alias leads to crat.shop.svc.cluster.local, which has no address: no such Service",
    ],
    [
      "an IP address",
      "203.0.113.9",
      "not-found: Service shop/db is an ExternalName that is an IP address, 203.0.113.9: DNS takes it for a name, which nobody has",
    ],
    ["nothing", '""', "not-found: Service shop/db is an ExternalName without a name"],
    [
      "a URL",
      "'https://db.example.com'",
      "not-found: Service shop/db is an ExternalName: https://db.example.com is no DNS name: : may not stand in one",
    ],
    [
      "itself",
      "db.shop.svc.cluster.local",
      "not-found: Service shop/db is an alias of db.shop.svc.cluster.local, which leads back to it",
    ],
    [
      "a short name",
      "cart.shop",
      "not-found: Service shop/db is an alias of cart.shop, which is no name of the cluster: a target is absolute",
    ],
    ["a domain that happens to end in a namespace", "acme.shop", "outside acme.shop"],
  ])("that names %s", (_, target, expected) => {
    expect(answer(clusterIp("shop", "cart") + external("shop", "db", target), "db")).toBe(expected);
  });

  it("shows its way in the steps, and which Services it went through", () => {
    const yaml =
      clusterIp("shop", "cart") +
      external("shop", "db", "next.payments.svc.cluster.local") +
      external("payments", "next", "cart.shop.svc.cluster.local");
    expect(ask(yaml, "db")).toMatchObject({
      answer: { kind: "service", service: { id: "service/shop/cart" } },
      steps: [
        { name: "db.shop.svc.cluster.local", result: "an alias of next.payments.svc.cluster.local" },
        { name: "next.payments.svc.cluster.local", result: "an alias of cart.shop.svc.cluster.local" },
        { name: "cart.shop.svc.cluster.local", result: "Service shop/cart, 10.96.41.7" },
      ],
      aliases: ["service/shop/db", "service/payments/next"],
    });
  });

  it("is followed 8 times and no further", () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, i) => external("shop", `a${i}`, `a${i + 1}.shop.svc.cluster.local`)).join(
        "",
      ) + clusterIp("shop", `a${length}`);
    expect(answer(chain(8), "a0")).toBe("service/shop/a8");
    expect(answer(chain(9), "a0")).toMatch(
      /^not-found: Service shop\/a8 is an alias .* more than 8 aliases$/,
    );
  });

  it("gives the object at fault, and what was meant", () => {
    const yaml = clusterIp("shop", "cart") + external("shop", "db", "cart.shop");
    expect(ask(yaml, "db").answer).toMatchObject({
      object: "service/shop/db",
      nearMiss: "ask for cart.shop.svc.cluster.local",
    });
  });

  it("loops through several, which has no answer", () => {
    const yaml =
      external("shop", "a", "b.shop.svc.cluster.local") + external("shop", "b", "a.shop.svc.cluster.local");
    expect(answer(yaml, "a")).toBe(
      "not-found: Service shop/b is an alias of a.shop.svc.cluster.local, which leads back to it",
    );
  });
});

describe("a pod's own resolver", () => {
  const node = "the node's resolver is asked, which does not know the cluster's names: ";

  it.each([
    [
      "ClusterFirst on the node's network",
      { hostNetwork: true },
      `not-found: ${node}on its node's network a pod with dnsPolicy ClusterFirst gets Default, set ClusterFirstWithHostNet`,
    ],
    [
      "ClusterFirstWithHostNet there",
      { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" },
      "service/shop/cart",
    ],
    ["Default", { dnsPolicy: "Default" }, `not-found: ${node}dnsPolicy is Default, set ClusterFirst`],
    [
      "None without a nameserver",
      { dnsPolicy: "None" },
      "not-found: dnsPolicy is None, and dnsConfig names no nameserver",
    ],
    [
      "None with the cluster's DNS",
      { dnsPolicy: "None", nameservers: ["10.96.0.10"], searches: ["shop.svc.cluster.local"] },
      "service/shop/cart",
    ],
    [
      "None with the cluster's DNS and no search list",
      { dnsPolicy: "None", nameservers: ["10.96.0.10"] },
      "not-found: no such name: the pod's search list does not lead from cart to cart.shop.svc.cluster.local",
    ],
    [
      "None with a public server",
      { dnsPolicy: "None", nameservers: ["8.8.8.8"] },
      "not-found: dnsConfig names 8.8.8.8, which is not the cluster's DNS",
    ],
    [
      "None with a server elsewhere",
      { dnsPolicy: "None", nameservers: ["192.168.7.53"] },
      "not-found: dnsConfig names 192.168.7.53, which is not the cluster's DNS",
    ],
    [
      "None with a server of the cluster that is not its DNS",
      { dnsPolicy: "None", nameservers: ["10.96.41.8"] },
      "unknown: dnsConfig names 10.96.41.8, a server in the cluster, and which names it knows is not known",
    ],
    [
      "None with the cluster's DNS behind another",
      { dnsPolicy: "None", nameservers: ["8.8.8.8", "10.96.0.10"] },
      "unknown: the pod asks 8.8.8.8 before the cluster's DNS, and whether that server knows the cluster's names is not known",
    ],
  ])("with %s", (_, given, expected) => {
    expect(answer(cluster, "cart", given)).toBe(expected);
  });

  it("is the cluster's NodeLocal DNSCache where that runs", () => {
    const cache = `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-local-dns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: node-local-dns } }
  template: { metadata: { labels: { k8s-app: node-local-dns } }, spec: { containers: [{ name: a, image: a }] } }`;
    const given = { dnsPolicy: "None", nameservers: ["169.254.20.10"], searches: ["svc.cluster.local"] };
    expect(answer(cluster + cache, "cart.shop", given)).toBe("service/shop/cart");
    expect(answer(cluster, "cart.shop", given)).toMatch(/^unknown: .*a server in the cluster/);
  });

  it("cannot be told to be the cluster's where the cluster's address is not given", () => {
    const given = { dnsPolicy: "None", nameservers: ["10.96.0.10"] };
    expect(answer(clusterIp("shop", "cart"), "cart.shop.svc.cluster.local", given)).toBe(
      "unknown: dnsConfig names 10.96.0.10, and the address of the cluster's DNS is not known",
    );
  });

  it("has the answers of other zones all the same", () => {
    expect(ask(cluster, "api.example.com", { dnsPolicy: "Default" })).toMatchObject({
      answer: { kind: "outside", hostname: "api.example.com" },
      servers: "node",
      steps: [{ name: "api.example.com" }],
    });
    expect(ask(cluster, "api.example.com", { dnsPolicy: "None", nameservers: ["8.8.8.8"] })).toMatchObject({
      answer: { kind: "outside" },
      servers: ["8.8.8.8"],
    });
  });

  it("does not know what is only an alias in the cluster", () => {
    const yaml = external("shop", "db", "db.example.com");
    expect(ask(yaml, "db", { hostNetwork: true })).toMatchObject({
      answer: { kind: "not-found", nearMiss: expect.stringContaining("outside the cluster") },
    });
  });

  it("says what the cluster's DNS would answer", () => {
    expect(near(cluster, "cart", { hostNetwork: true })).toBe(
      "the cluster's DNS would answer: Service shop/cart, 10.96.41.7",
    );
  });

  it("appends dnsConfig's searches, which may be of other zones", () => {
    const searches = ["corp.example.com", "payments.svc.cluster.local."];
    expect(answer(cluster, "orders", { searches })).toBe("service/payments/orders");
    expect(ask(cluster, "vault", { searches })).toMatchObject({
      answer: { kind: "outside", hostname: "vault.corp.example.com" },
      steps: [{}, {}, {}, { name: "vault.corp.example.com" }],
    });
    expect(answer(cluster, "carts", { searches })).toMatch(/^not-found: no Service carts in shop/);
  });
});

describe("what was not read", () => {
  it.each([
    ["cart", "unknown: Services could not be read, so whether there is a Service cart in shop is not known"],
    [
      "cart.shop",
      "unknown: Services could not be read, so whether there is a Service cart in shop is not known",
    ],
    ["api.example.com", "outside api.example.com"],
  ])("leaves %s without Services", (name, expected) => {
    expect(answer(unreadable(cluster, "services"), name)).toBe(expected);
  });

  it("carries a doubt", () => {
    expect(ask(unreadable(cluster, "services"), "cart").answer).toMatchObject({
      kind: "unknown",
      doubt: { code: "name-not-resolved", objects: [] },
    });
  });

  it("takes nothing from the Services that were read", () => {
    const part = unreadable(cluster, "services", "part");
    expect(answer(part, "cart")).toBe("service/shop/cart");
    expect(answer(part, "orders.payments")).toBe("service/payments/orders");
    expect(answer(part, "crat")).toBe(
      "unknown: Service shop/crat is not among the Services that could be read",
    );
  });
});

describe("in manifests", () => {
  const facts = (yaml: string) => factsFromYaml(yaml, "manifests");

  it.each([
    ["cart-0.cart", "pod/shop/cart below service/shop/cart"],
    ["cart-2.cart.shop", "pod/shop/cart below service/shop/cart"],
    ["cart-3.cart.shop", "not-found: no endpoint of Service shop/cart is named cart-3"],
    ["cart-00.cart.shop", "not-found: no endpoint of Service shop/cart is named cart-00"],
    ["cart", "endpoints of service/shop/cart"],
  ])("a StatefulSet's template stands for its pods: %s", (name, expected) => {
    expect(answer(facts(headless("shop", "cart") + statefulSet(3)), name)).toBe(expected);
  });

  it("says how far the ordinals go, and where pods have their names", () => {
    expect(near(facts(headless("shop", "cart") + statefulSet(3)), "cart-3.cart")).toBe(
      "statefulset/cart has 3 pods, the last is cart-2",
    );
  });

  it("cannot tell of a namespace whose Services are not in the files", () => {
    const yaml = facts(clusterIp("shop", "cart"));
    expect(answer(yaml, "orders.payments")).toBe(
      "unknown: these files hold no Service of namespace payments, so orders may come from elsewhere",
    );
    expect(answer(yaml, "orders", { in: "payments" })).toMatch(/^unknown: these files hold no Service/);
    expect(answer(yaml, "kafka-0.kafka.payments")).toMatch(/^unknown: these files hold no Service/);
    expect(answer(yaml, "orders")).toMatch(/^not-found: no Service orders in shop/);
    expect(answer(yaml, "kubernetes.default.svc")).toBe(
      "unknown: every cluster has Service default/kubernetes, and it is not among what was read",
    );
  });

  it("tells other zones' names all the same", () => {
    const yaml = facts(clusterIp("shop", "cart"));
    for (const name of ["api.example.com", "redis.io", "hooks.slack.com", "vault.corp", "api.acme.dev"]) {
      expect(answer(yaml, name)).toBe(`outside ${name}`);
    }
  });
});

const folder = "../shared/real-input";
const there = existsSync(`${folder}/faulty.yaml`);

describe.skipIf(!there)(`faulty.yaml (skipped where ${folder} is absent)`, () => {
  const facts = there
    ? compileFacts(snapshotFromYaml(readFileSync(`${folder}/faulty.yaml`, "utf8"), "dump"), now)
    : compileFacts(snapshotFromYaml(""), now);

  it.each([
    ["orders", "sock-shop", "service/sock-shop/orders"],
    ["orders.sock-shop", "sock-shop", "service/sock-shop/orders"],
    ["cartservice.boutique", "sock-shop", "service/boutique/cartservice"],
    [
      "cartservice",
      "sock-shop",
      "not-found: no Service cartservice in sock-shop; only the cluster's own names were looked at",
    ],
    [
      "billing.boutique",
      "sock-shop",
      "not-found: Service boutique/billing is an ExternalName that is an IP address, 203.0.113.9: DNS takes it for a name, which nobody has",
    ],
    ["kubernetes.default", "boutique", "service/default/kubernetes"],
    ["api.example.com", "boutique", "outside api.example.com"],
    [
      "ledger-0.ledger.boutique",
      "boutique",
      "not-found: no Service ledger in boutique; only the cluster's own names were looked at",
    ],
  ])("%s from %s", (name, from, expected) => {
    expect(answer(facts, name, { in: from })).toBe(expected);
  });

  it("knows what cartservice is near to, and who is at fault for billing", () => {
    expect(near(facts, "cartservice", { in: "sock-shop" })).toContain(
      "there is a Service cartservice in namespace boutique: ask for cartservice.boutique",
    );
    expect(ask(facts, "billing.boutique", { in: "sock-shop" }).answer).toMatchObject({
      object: "service/boutique/billing",
    });
  });
});
