import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceAnswerSchema } from "#lib/protocol/trace.ts";
import { base, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerTrace } from "./answer-trace.ts";

const yaml = [
  base,
  pod("shop/web-0", { ips: ["10.244.1.10"], node: "node-1", ports: "http:8080" }),
  pod("payments/ledger-0", { ips: ["10.244.2.10"], node: "node-2", ports: "5432" }),
  service("payments/ledger", { ip: "10.96.0.50", ports: "5432" }),
  policy("payments/deny", "podSelector: {}"),
].join("");

beforeAll(() => {
  serveSources(sourceOf("small", { kind: "snapshot", snapshot: snapshotFromYaml(yaml) }));
});
afterAll(() => serveRegistry(undefined));

const ask = (parts: Readonly<Record<string, string>>, id = "small") =>
  answerTrace(get(`/api/v1/clusters/${id}/trace?${new URLSearchParams(parts)}`), id);
const answered = async (parts: Readonly<Record<string, string>>) =>
  jsonOf(await ask(parts), traceAnswerSchema);

const toLedger = { from: "shop/web-0", to: "payments/service/ledger", port: "5432" };

describe("a trace", () => {
  it("tells the verdict, the hops, and what mends it, with the moment that it tells of", async () => {
    const { trace, checkedAt, cluster } = await answered(toLedger);
    expect(trace).toMatchObject({
      verdict: "blocked",
      port: 5432,
      protocol: "TCP",
      from: { text: "shop/web-0", object: "pod/shop/web-0" },
      to: { text: "payments/service/ledger", object: "service/payments/ledger" },
      enforcement: { state: "enforced" },
    });
    const stopped = trace.hops.filter(({ outcome }) => outcome === "block");
    expect(stopped.map(({ kind }) => kind)).toEqual(["ingress-policy"]);
    expect(stopped[0]?.fix?.manifest ?? stopped[0]?.fix?.command).toMatch(/\S/);
    expect(cluster.id).toBe("small");
    expect(new Date(checkedAt).getTime()).toBeGreaterThan(0);
  });

  it("goes by the protocol that is asked, in any spelling, and by TCP where none is", async () => {
    const tcp = await answered({ from: "payments/ledger-0", to: "shop/web-0", port: "53" });
    expect(tcp.trace.protocol).toBe("TCP");
    const udp = await answered({ from: "payments/ledger-0", to: "shop/web-0", port: "53", protocol: "udp" });
    expect(udp.trace).toMatchObject({ verdict: "reachable", protocol: "UDP" });
  });

  it("has the map with the path on it where that is asked for, and no map where it is not", async () => {
    expect((await answered(toLedger)).map).toBeUndefined();
    const { map, trace } = await answered({ ...toLedger, map: "1" });
    const drawn = map?.view.nodes.map(({ id }) => id) ?? [];
    expect(map?.path.nodes).toEqual(["pod/shop/web-0", "service/payments/ledger", "pod/payments/ledger-0"]);
    for (const id of map?.path.nodes ?? []) expect(drawn).toContain(id);
    const marked = map?.path.segments.filter(({ mark }) => mark === "barred-shield") ?? [];
    expect(marked.map(({ hop }) => (hop === undefined ? undefined : trace.hops[hop]?.kind))).toEqual([
      "ingress-policy",
    ]);
  });
});

describe("a question that cannot be asked", () => {
  it.each([
    ["an end that is none", { from: "shop/gizmo/web", to: "internet" }, "from"],
    ["a source that is a Service", { from: "payments/service/ledger", to: "internet" }, "from"],
    ["no end at all", { from: "", to: "" }, "from"],
    ["no target", { from: "shop/web-0" }, "to"],
    ["a port that is none", { ...toLedger, port: "70000" }, "port"],
    ["a protocol that is none", { ...toLedger, protocol: "ICMP" }, "protocol"],
    ["a source with a port", { from: "10.0.0.1:80", to: "shop/web-0" }, "from"],
  ])("by %s is a malformed question, and it says which part", async (_what, parts, field) => {
    const problem = await problemOf(await ask(parts));
    expect(problem).toMatchObject({
      type: "/problems/question-malformed",
      status: 400,
      field,
      instance: "/api/v1/clusters/small/trace",
    });
    expect(problem.title).toMatch(/^\S/);
  });

  it.each([
    ["from", { from: "shop/wep-0", to: "internet" }, ["shop/web-0"]],
    ["to", { from: "shop/web-0", to: "payments/service/ledgr" }, ["payments/service/ledger"]],
  ])("by an end that is not there, %s, is answered with the nearest", async (field, parts, nearest) => {
    expect(await problemOf(await ask(parts))).toMatchObject({
      type: "/problems/end-not-found",
      status: 404,
      field,
      nearest: expect.arrayContaining(nearest),
    });
  });

  it("looks at no more of a long end than a line", async () => {
    const problem = await problemOf(await ask({ from: `shop/${"a".repeat(5000)}`, to: "internet" }));
    expect(problem.title.length).toBeLessThan(1000);
  });

  it("is 404 for a cluster that is not there", async () => {
    expect(await problemOf(await ask(toLedger, "nope"))).toMatchObject({
      type: "/problems/cluster-not-found",
      status: 404,
    });
  });
});
