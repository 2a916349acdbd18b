import { describe, expect, it } from "vitest";
import { ask, toldShort, worldFromYaml } from "#lib/testing/ask.ts";
import { base, pod, service } from "#lib/testing/cluster-yaml.ts";

const deployment = (name: string, namespace: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: app }] } }
---`;

const yaml = [
  base,
  deployment("cart", "shop"),
  deployment("ledger", "payments"),
  pod("shop/cart-abc", { ips: ["10.244.1.6"], node: "node-1", labels: "app=cart" }),
  pod("shop/redis-0", { ips: ["10.244.1.7"], node: "node-1", ports: "6379" }),
  service("shop/cart", { ports: "80", ip: "10.96.1.1" }),
  service("shop/web", { ports: "80", ip: "10.96.1.2" }),
].join("");
const world = worldFromYaml(yaml);
const problem = (text: string) => toldShort(ask(world, text));

describe("an end that is not there", () => {
  it.each([
    ["shop/deployment/carts internet", "from: there is no Deployment carts in shop [shop/deployment/cart]"],
    [
      "shop/deployment/ledger internet",
      "from: there is no Deployment ledger in shop [payments/deployment/ledger]",
    ],
    [
      "shop/statefulset/cart internet",
      "from: there is no StatefulSet cart in shop [shop/deployment/cart, shop/cart-abc]",
    ],
    [
      "deployment/cart internet",
      "from: there is no namespace deployment, and so no Pod cart [shop/deployment/cart]",
    ],
    [
      "shpo/deployment/cart internet",
      "from: there is no namespace shpo, and so no Deployment cart [shop/deployment/cart]",
    ],
    ["shop/statefulset/web internet", "from: there is no StatefulSet web in shop"],
    ["internet shop/statefulset/web", "to: there is no StatefulSet web in shop [shop/service/web]"],
    [
      "10.96.1.1 shop/redis-0",
      "from: 10.96.1.1 is the cluster IP of Service shop/cart, which sends no packets; name a workload, a pod or a node",
    ],
    ["shop/redis-1 internet", "from: there is no Pod redis-1 in shop [shop/redis-0]"],
    ["shop/cart internet", "from: there is no Pod cart in shop [shop/deployment/cart, shop/cart-abc]"],
    ["node/node-11 internet", "from: there is no Node node-11 [node/node-1]"],
    [
      "internet shop/service/crat",
      "to: there is no Service crat in shop [shop/service/cart, shop/deployment/cart]",
    ],
    [
      "internet nowhere/deployment/nothing",
      "to: there is no namespace nowhere, and so no Deployment nothing",
    ],
  ])("%s: %s", (text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it("is not said to be absent where its kind could not be read in full", () => {
    const dump = worldFromYaml(pod("shop/cart-0", { meta: 'uid: "1"' }), "dump");
    expect(toldShort(ask(dump, "shop/deployment/cart internet"))).toBe(
      "from: Deployment cart in shop is not among what could be read [shop/cart-0]",
    );
  });
});

describe("a question of which no packet comes", () => {
  it.each([
    ["internet 203.0.113.7", "to: neither the internet nor 203.0.113.7 is in the cluster"],
    ["203.0.113.7 internet", "to: neither 203.0.113.7 nor the internet is in the cluster"],
    [
      "shop/cart-abc 127.0.0.1",
      "to: 127.0.0.1 is the sender itself, and no packet to it goes anywhere; name the pod",
    ],
    [
      "shop/cart-abc internet https",
      "port: https is a port's name, which only Services and pods have; the internet is asked by a number",
    ],
    [
      "shop/cart-abc 203.0.113.0/24 https",
      "port: https is a port's name, which only Services and pods have; 203.0.113.0/24 is asked by a number",
    ],
    [
      "shop/cart-abc node/node-1 ssh",
      "port: ssh is a port's name, which only Services and pods have; node-1 is asked by a number",
    ],
  ])("%s: %s", (text, expected) => {
    expect(problem(text)).toBe(expected);
  });
});

describe("an end", () => {
  it.each([
    ["shop/deployment/cart shop/redis-0 6379", "reachable: cart should reach redis-0 on 6379"],
    ["shop/redis-0 shop/service/cart 80", "reachable: redis-0 should reach cart on 80"],
    ["payments/deployment/ledger shop/redis-0 6379", "reachable: ledger should reach redis-0 on 6379"],
    ["node/node-1 shop/redis-0 6379", "reachable: node-1 should reach redis-0 on 6379"],
  ])("is found: %s", (text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it("tells the ReplicaSet or Job of a pod by the owner that the pod names", () => {
    const job = `
apiVersion: batch/v1
kind: Job
metadata: { name: seed, namespace: shop, ownerReferences: [{ apiVersion: batch/v1, kind: CronJob, name: nightly, controller: true }] }
spec: { template: { metadata: { labels: { app: seed } }, spec: { containers: [{ name: app, image: app }] } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: shop }
spec: { schedule: "@daily", jobTemplate: { spec: { template: { metadata: { labels: { app: seed } }, spec: { containers: [{ name: app, image: app }] } } } } }
---`;
    const jobs = worldFromYaml(
      base +
        job +
        pod("shop/seed-x", { ips: ["10.244.1.9"], node: "node-1", owner: "Job/seed" }) +
        pod("shop/redis-0", { ips: ["10.244.1.7"], ports: "6379" }),
    );
    expect(toldShort(ask(jobs, "shop/job/seed shop/redis-0 6379"))).toBe(
      "reachable: seed should reach redis-0 on 6379",
    );
    expect(toldShort(ask(jobs, "shop/cronjob/nightly shop/redis-0 6379"))).toBe(
      "reachable: nightly should reach redis-0 on 6379",
    );
  });
});
