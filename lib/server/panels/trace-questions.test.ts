import { beforeAll, describe, expect, it } from "vitest";
import { parseQuestion } from "#lib/engine/trace/question.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { allKinds, kinds } from "#lib/model/kinds.ts";

import type { Answers } from "#lib/server/session/answers.ts";
import { demoAnswers } from "#lib/testing/demo-answers.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { traceQuestions } from "./trace-questions.ts";

const nothing = factsFromYaml("{kind: Namespace, apiVersion: v1, metadata: {name: shop}}");

function told(id: ObjectId, facts = nothing): readonly string[] {
  return traceQuestions(facts, id).map(({ words, from, to }) => `${words}: ${from ?? "?"} → ${to ?? "?"}`);
}

const sending = ["deployment", "replica-set", "stateful-set", "daemon-set", "job", "cron-job"] as const;

describe("what can be asked about an object", () => {
  it.each(sending)("of a %s, what gets to it and where it gets", (kind) => {
    const end = `shop/${kind.replaceAll("-", "")}/cart`;
    expect(told(objectId(kind, "shop", "cart"))).toEqual([
      `Trace to here: ? → ${end}`,
      `Trace from here: ${end} → ?`,
    ]);
  });

  it.each([
    [
      "a pod",
      objectId("pod", "shop", "cart-0"),
      ["Trace to here: ? → shop/cart-0", "Trace from here: shop/cart-0 → ?"],
    ],
    [
      "a node",
      objectId("node", undefined, "node-1"),
      ["Trace to here: ? → node/node-1", "Trace from here: node/node-1 → ?"],
    ],
    [
      "a Service, which sends nothing",
      objectId("service", "shop", "cart"),
      ["Trace to it: ? → shop/service/cart"],
    ],
  ] as const)("of %s", (_what, id, lines) => {
    expect(told(id)).toEqual(lines);
  });

  it("of every other kind, nothing by itself", () => {
    const others = allKinds.filter(
      (kind) => ![...sending, "pod", "node", "service"].some((each) => each === kind),
    );
    for (const kind of others)
      expect(told(objectId(kind, kinds[kind].namespaced ? "shop" : undefined, "a")), kind).toEqual([]);
    expect(others.length).toBeGreaterThan(20);
  });
});

describe("what can be asked about a way in", () => {
  const path = (value: string, name = "web") =>
    `{path: ${value}, pathType: Prefix, backend: {service: {name: ${name}, port: {number: 80}}}}`;
  const ingress = (rules: string, tls = "") => `
kind: IngressClass
apiVersion: networking.k8s.io/v1
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
kind: Ingress
apiVersion: networking.k8s.io/v1
metadata: {name: front, namespace: shop}
spec: {ingressClassName: nginx, ${tls}rules: [${rules}]}
---
kind: Service
apiVersion: v1
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}`;
  const front = objectId("ingress", "shop", "front");

  it("is every request that it takes, once, with no port that goes without saying", () => {
    const rule = `{host: a.example.com, http: {paths: [${path("/cart")}, ${path("/")}]}}`;
    expect(told(front, factsFromYaml(ingress(rule)))).toEqual([
      "Trace http://a.example.com/cart: internet → http://a.example.com/cart",
      "Trace http://a.example.com/: internet → http://a.example.com/",
    ]);
  });

  it("is asked by TLS where it has that", () => {
    const rule = `{host: a.example.com, http: {paths: [${path("/")}]}}`;
    const tls = "tls: [{hosts: [a.example.com], secretName: a}], ";
    expect(told(front, factsFromYaml(ingress(rule, tls)))).toContain(
      "Trace https://a.example.com/: internet → https://a.example.com/",
    );
  });

  it("names a port that is not the scheme's own", () => {
    const gateway = `
kind: Gateway
apiVersion: gateway.networking.k8s.io/v1
metadata: {name: gw, namespace: shop}
spec: {gatewayClassName: c, listeners: [{name: http, port: 8080, protocol: HTTP}]}
---
kind: HTTPRoute
apiVersion: gateway.networking.k8s.io/v1
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{name: gw}], hostnames: [a.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]}
---
kind: Service
apiVersion: v1
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}`;
    expect(told(objectId("http-route", "shop", "r"), factsFromYaml(gateway))).toEqual([
      "Trace http://a.example.com:8080/: internet → http://a.example.com:8080/",
    ]);
  });

  it("is no more than a panel holds", () => {
    const paths = Array.from({ length: 30 }, (_, n) => path(`/p${n}`)).join(", ");
    const rule = `{host: a.example.com, http: {paths: [${paths}]}}`;
    expect(told(front, factsFromYaml(ingress(rule)))).toHaveLength(12);
  });
});

describe("in the demo", () => {
  let answers: Answers;
  beforeAll(async () => {
    answers = await demoAnswers();
  });

  it("every question is one that a trace takes", () => {
    const { facts } = answers;
    const questions = [...facts.index.byId.keys()].flatMap((id) => traceQuestions(facts, id));
    expect(questions.length).toBeGreaterThan(100);
    for (const { from = "internet", to = "10.0.0.1" } of questions)
      expect(parseQuestion({ from, to }), `${from} → ${to}`).toMatchObject({ kind: "ok" });
  });
});
