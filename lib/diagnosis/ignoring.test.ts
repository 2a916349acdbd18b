import { describe, expect, it } from "vitest";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { fitsPattern, type IgnoreRule, ignoring, isExpired } from "./ignoring.ts";

const facts = factsFromYaml(`
apiVersion: v1
kind: Namespace
metadata: { name: sandbox, annotations: { throughline.dev/ignore: "NET-1*", throughline.dev/ignore-reason: " for trying things " } }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: { throughline.dev/ignore: "NET-101, pod/other\\nNET-103", throughline.dev/ignore-reason: "" }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: all, namespace: shop, annotations: { throughline.dev/ignore: "*" } }
spec: { ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: shop, annotations: { throughline.dev/ignore: NET-501 } }
spec: { selector: { matchLabels: { app: agent } }, template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: a, image: "a:1" }] } } }
---
apiVersion: v1
kind: Pod
metadata:
  name: agent-x
  namespace: shop
  labels: { app: agent }
  ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: u, controller: true }]
spec: { containers: [{ name: a, image: "a:1" }] }
`);

function found(code: string, subject: ObjectId, check = "service/x") {
  return {
    code,
    check,
    severity: "error",
    subject,
    message: "-",
    evidence: [],
    fix: { text: "-" },
    kubectl: "kubectl",
    touches: [],
    follows: [],
  } as const;
}

const rule = (given: Partial<IgnoreRule>): IgnoreRule => ({
  checks: [],
  objects: [],
  namespaces: [],
  reason: "known",
  until: undefined,
  file: ".throughline.yaml",
  line: 2,
  ...given,
});

const web = objectId("service", "shop", "web");
const pod = objectId("pod", "shop", "agent-x");

describe("an annotation ignores", () => {
  const ignored = (code: string, subject: ObjectId, check?: string) => {
    const found_ = ignoring(facts, [], "2026-01-01")(found(code, subject, check));
    return found_ && [found_.by, found_.reason];
  };

  it.each([
    ["by code", "NET-101", web, web, undefined],
    ["by code on another line", "NET-103", web, web, undefined],
    [
      "all with a star",
      "NET-409",
      objectId("service", "shop", "all"),
      objectId("service", "shop", "all"),
      undefined,
    ],
    ["what is about a workload's pods", "NET-501", pod, objectId("daemon-set", "shop", "agent"), undefined],
    [
      "all in a namespace, with its reason",
      "NET-105",
      objectId("service", "sandbox", "x"),
      objectId("namespace", undefined, "sandbox"),
      "for trying things",
    ],
    [
      "what is about the namespace itself",
      "NET-105",
      objectId("namespace", undefined, "sandbox"),
      objectId("namespace", undefined, "sandbox"),
      "for trying things",
    ],
  ])("%s", (_, code, subject, object, reason) => {
    expect(ignored(code, subject)).toEqual([{ kind: "annotation", object }, reason]);
  });

  it("by the check's name", () => {
    expect(ignored("NET-999", web, "pod/other")).toBeDefined();
  });

  it.each([
    ["another code", "NET-102", web],
    ["a code that only begins alike", "NET-1011", web],
    ["other objects of the namespace", "NET-101", objectId("service", "shop", "cart")],
    ["other codes of an annotated namespace", "NET-201", objectId("ingress", "sandbox", "x")],
    ["what belongs to no namespace", "NET-501", objectId("node", undefined, "sandbox")],
  ])("not %s", (_, code, subject) => {
    expect(ignored(code, subject)).toBeUndefined();
  });
});

describe("a rule ignores", () => {
  const ignores = (given: Partial<IgnoreRule>, subject = web, code = "NET-102") =>
    ignoring(facts, [rule(given)], "2026-06-30")(found(code, subject)) !== undefined;

  it.each<[Partial<IgnoreRule>, boolean]>([
    [{ checks: ["NET-102"] }, true],
    [{ checks: ["NET-1*"] }, true],
    [{ checks: ["service/*"] }, true],
    [{ checks: ["NET-2*", "NET-10?"] }, false],
    [{ objects: ["service/shop/web"] }, true],
    [{ objects: ["service/shop/w*"] }, true],
    [{ objects: ["*/web"] }, true],
    [{ objects: ["service/shop/we"] }, false],
    [{ namespaces: ["sh*"] }, true],
    [{ namespaces: ["hop"] }, false],
    [{ checks: ["NET-102"], namespaces: ["other"] }, false],
    [{ checks: ["NET-102"], until: "2026-06-30" }, true],
    [{ checks: ["NET-102"], until: "2026-06-29" }, false],
  ])("by %j: %s", (given, expected) => {
    expect(ignores(given)).toBe(expected);
  });

  it("what is about the pods of a workload that it names", () => {
    expect(ignores({ objects: ["daemon-set/shop/agent"] }, pod)).toBe(true);
  });

  it("nothing of a cluster's scope by namespace", () => {
    expect(ignores({ namespaces: ["*"] }, objectId("node", undefined, "n1"))).toBe(false);
  });

  it("with its reason and place; the first that fits, and after annotations", () => {
    const rules = [
      rule({ checks: ["NET-2*"] }),
      rule({ checks: ["NET-1*"], line: 7, until: "2027-01-01" }),
      rule({ line: 9 }),
    ];
    const by = (code: string) => ignoring(facts, rules, "2026-06-30")(found(code, web))?.by;
    expect(by("NET-102")).toEqual({ kind: "file", file: ".throughline.yaml", line: 7, until: "2027-01-01" });
    expect(by("NET-101")).toEqual({ kind: "annotation", object: web });
  });
});

it("a rule holds through its last day", () => {
  expect(
    ["2026-06-29", "2026-06-30", "2026-07-01"].map((today) =>
      isExpired(rule({ until: "2026-06-30" }), today),
    ),
  ).toEqual([false, false, true]);
});

it("a pattern takes nothing but its star for more than itself", () => {
  expect(fitsPattern("a.b", "a.b")).toBe(true);
  expect(fitsPattern("a.b", "axb")).toBe(false);
  expect(fitsPattern("*-x", "a-b-x")).toBe(true);
  expect(fitsPattern("", "a")).toBe(false);
});
