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
    expect(ignored.map(({ code, message }) => `${code} ${message}`)).toEqual(["NET-901 web", "NET-902 web"]);
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
