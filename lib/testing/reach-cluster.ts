/** For tests only: a Service with two pods, clients around it, and who may reach it under some policies. */
import type { DialectSettings } from "#lib/engine/trace/world.ts";
import type { Reach } from "#lib/model/reach.ts";
import { worldFromYaml } from "./ask.ts";
import { groupsTold, reachOf, verdictsTold } from "./ask-reach.ts";
import { namespace, pod, policy, service } from "./cluster-yaml.ts";

const sidecars =
  "initContainers: [{ name: proxy, restartPolicy: Always, ports: [{ name: metrics, containerPort: 9102 }] }, { name: setup, ports: [{ name: setup, containerPort: 7000 }] }]";

// Without it its pods would be orphans, which own themselves.
const web = `
kind: StatefulSet
apiVersion: apps/v1
metadata: { name: web, namespace: shop }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app }] } } }
---`;

/** Two pods of shop/web, whose port http has another number on the canary; clients here and there. */
export const cluster = [
  namespace("shop", "team=shop"),
  namespace("edge", "team=platform"),
  namespace("lab", "team=platform"),
  web,
  pod("shop/web-0", {
    node: "n2",
    ports: "http:8080",
    ips: ["10.0.0.1"],
    owner: "StatefulSet/web",
    spec: sidecars,
  }),
  pod("shop/web-1", {
    labels: "app=web,track=canary",
    node: "n2",
    ports: "http:8081",
    ips: ["10.0.0.2"],
    owner: "StatefulSet/web",
    spec: sidecars,
  }),
  pod("shop/cart-0", { ips: ["10.0.0.3"] }),
  pod("edge/cart-0", { ips: ["10.0.1.1"] }),
  pod("edge/proxy-0", { ips: ["10.0.1.2"] }),
  pod("lab/proxy-0", { ips: ["10.0.2.1"] }),
  pod("edge/done-0", { phase: "Succeeded" }),
  service("shop/web", { ports: "80:http" }),
].join("");

export const clients = ["edge/cart-0", "edge/proxy-0", "lab/proxy-0", "shop/cart-0"];

export function others(...names: readonly string[]): readonly string[] {
  return clients.filter((client) => !names.includes(client));
}

/** A policy shop/p over the Service's pods. */
export function allow(rules: string): string {
  return policy("shop/p", `podSelector: { matchLabels: { app: web } }\ningress: [${rules}]`);
}

/** More objects go with the policies. */
export function reachUnder(policies: string, settings: DialectSettings = {}, to = "shop/service/web"): Reach {
  return reachOf(worldFromYaml(cluster + policies, "cluster", settings), `to ${to}`);
}

/** Of whom each verdict is, without the Service's own pods. */
export function told(reach: Reach): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(verdictsTold(reach)).flatMap(([verdict, ends]) => {
      const asked = ends.filter((end) => end !== "shop/statefulset/web");
      return asked.length === 0 ? [] : [[verdict, asked]];
    }),
  );
}

/** The lines that name one client. */
export function linesOf(reach: Reach, name: string): readonly string[] {
  return groupsTold(reach).filter((line) => line.includes(name));
}
