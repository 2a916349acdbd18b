import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { defineCheck, type Found, unjudged } from "./check.ts";
import { checks } from "./registry.ts";
import { runChecks } from "./run-checks.ts";

const facts = factsFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, annotations: { throughline.dev/ignore: "NET-901, x/other" } }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80 }] }
`);

function found(name: string, more: Partial<Found> = {}): Found {
  const id = objectId("service", "shop", name);
  return { subject: id, message: name, evidence: [], fix: { text: "-" }, kubectl: "kubectl", ...more };
}

function check(code: `NET-${number}`, find: () => Iterable<Found | ReturnType<typeof unjudged>>) {
  return defineCheck({
    id: `x/${code}`,
    code,
    severity: "warning",
    summary: code,
    inputs: ["services"],
    find,
  });
}

describe("runChecks", () => {
  it("sorts by severity, then code, then subject, then part", () => {
    const later = check("NET-902", () => [
      found("b", { part: "2" }),
      found("b", { part: "1" }),
      found("a"),
      found("z", { severity: "error" }),
    ]);
    const earlier = check("NET-901", () => [found("c"), found("i", { severity: "info" })]);
    const order = (list: Parameters<typeof runChecks>[1]) =>
      runChecks(facts, list).findings.map(({ code, message, part }) => `${code} ${message}${part ?? ""}`);
    const expected = ["NET-902 z", "NET-901 c", "NET-902 a", "NET-902 b1", "NET-902 b2", "NET-901 i"];
    expect(order([later, earlier])).toEqual(expected);
    expect(order([earlier, later])).toEqual(expected);
  });

  it("reports a check that throws, and what the others found", () => {
    const broken = check("NET-901", () => {
      throw new Error("pods is not iterable");
    });
    const { findings, cannotTell } = runChecks(facts, [broken, check("NET-902", () => [found("a")])]);
    expect(findings.map(({ code }) => code)).toEqual(["NET-902"]);
    expect(cannotTell).toEqual([
      { code: "NET-901", check: "x/NET-901", summary: "NET-901", missing: [], error: "pods is not iterable" },
    ]);
  });

  it("leaves out all that a check found before it threw", () => {
    const broken = check("NET-901", function* () {
      yield found("a");
      throw new Error("too late");
    });
    expect(runChecks(facts, [broken]).findings).toEqual([]);
  });

  it("sets aside what an object's annotation asks to ignore, by code or by check", () => {
    const byCode = check("NET-901", () => [found("web"), found("cart")]);
    const byId = defineCheck({
      id: "x/other",
      code: "NET-902",
      severity: "info",
      summary: "-",
      inputs: [],
      find: () => [found("web")],
    });
    const { findings, ignored } = runChecks(facts, [byCode, byId, check("NET-903", () => [found("web")])]);
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "NET-901 cart",
      "NET-903 web",
    ]);
    expect(ignored.map(({ finding, by }) => [finding.code, by])).toEqual([
      ["NET-901", { kind: "annotation", object: "service/shop/web" }],
      ["NET-902", { kind: "annotation", object: "service/shop/web" }],
    ]);
  });

  it("groups what follows from one another, and counts what hangs on it", () => {
    const entered = factsFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec:
  rules:
    - { host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }
    - { host: other.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }] } }
`);
    const web = objectId("service", "shop", "web");
    const shop = objectId("ingress", "shop", "shop");
    const labels = check("NET-901", () => [found("web", { follows: [] })]);
    const entry = check("NET-902", () => [
      found("shop", {
        subject: shop,
        part: "spec.rules[0].http.paths[0].backend",
        severity: "error",
        follows: [{ object: web, checks: ["x/NET-901", "x/NET-904"] }],
      }),
    ]);
    const { problems } = runChecks(entered, [entry, labels, check("NET-903", () => [found("cart")])]);
    expect(
      problems.map(({ root, consequences, severity, affects }) => [
        `${severity} ${root.code} ${root.message}`,
        consequences.map(({ finding, depth }) => `${depth} ${finding.code}`),
        affects,
      ]),
    ).toEqual([
      ["error NET-901 web", ["1 NET-902"], { services: [web], entries: [shop], hosts: ["shop.example.com"] }],
      ["warning NET-903 cart", [], { services: [], entries: [shop], hosts: ["other.example.com"] }],
    ]);
  });

  it("names what would explain it, but is ignored", () => {
    const cause = check("NET-901", () => [found("web")]);
    const follows = [{ object: objectId("service", "shop", "web"), checks: ["x/NET-901"] }];
    const { problems } = runChecks(facts, [cause, check("NET-902", () => [found("cart", { follows })])]);
    expect(problems.map(({ root, ignoredCause }) => [root.code, ignoredCause?.code])).toEqual([
      ["NET-902", "NET-901"],
    ]);
  });

  it("names each missing kind once, and only kinds that were not read", () => {
    const dump = factsFromYaml("", "dump");
    const asks = defineCheck({
      id: "x/asks",
      code: "NET-901",
      severity: "info",
      summary: "-",
      inputs: [],
      ifRead: ["pods", "events"],
      find: () => [unjudged("pods"), unjudged("pods", "events")],
    });
    expect(runChecks(dump, [asks]).cannotTell[0]?.missing.map(({ kind }) => kind)).toEqual([
      "events",
      "pods",
    ]);
    expect(runChecks(facts, [asks]).cannotTell).toEqual([]);
  });

  it("drops the full stop that a controller's words end with", () => {
    const talks = check("NET-901", () => [found("a", { message: "not attached: Not allowed." })]);
    expect(runChecks(facts, [talks]).findings[0]?.message).toBe("not attached: Not allowed");
  });

  it("shows a Service's trouble on what leads to it", () => {
    const entered = factsFromYaml(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec:
  defaultBackend: { service: { name: web, port: { number: 80 } } }
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`);
    const list = [check("NET-901", () => [found("web"), found("cart")])];
    expect(runChecks(entered, list).findings.map(({ message, touches }) => [message, touches])).toEqual([
      ["cart", []],
      ["web", ["ingress/shop/shop"]],
    ]);
  });

  it("runs every registered check when none is named", () => {
    const codes = new Set(runChecks(facts).findings.map(({ code }) => code));
    expect([...codes].every((code) => checks.some((check) => check.code === code))).toBe(true);
    expect(codes).toContain("NET-101");
  });
});
