import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reachAnswerSchema } from "#lib/protocol/trace.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { allow, cluster } from "#lib/testing/reach-cluster.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerReachability } from "./answer-reachability.ts";

const yaml = cluster + allow("{ from: [{ podSelector: { matchLabels: { app: cart } } }] }");

beforeAll(async () => {
  serveSources(
    sourceOf("small", { kind: "snapshot", snapshot: snapshotFromYaml(yaml) }),
    sourceOf("demo", await readDemo(), "demo"),
  );
});
afterAll(() => serveRegistry(undefined));

const ask = (query: string, id = "small") =>
  answerReachability(get(`/api/v1/clusters/${id}/reachability?${query}`), id);
const answered = async (query: string, id = "small") => jsonOf(await ask(query, id), reachAnswerSchema);

describe("who may reach an end", () => {
  it("is told by namespace, with what decides and what is outside", async () => {
    const { reach, checkedAt } = await answered("to=shop/service/web");
    expect(reach).toMatchObject({ direction: "to", end: { text: "shop/service/web" } });
    expect(reach.namespaces.map(({ namespace, may, total }) => [namespace, may, total])).toEqual([
      ["edge", 0, 2],
      ["lab", 0, 1],
      ["shop", 1, 2],
    ]);
    expect(reach.namespaces[1]?.groups).toEqual([
      {
        verdict: "blocked",
        why: "no rule of shop/p admits it",
        policies: ["network-policy/shop/p"],
        ends: [{ text: "lab/proxy-0", name: "proxy-0", object: "pod/lab/proxy-0" }],
        count: 1,
      },
    ]);
    expect(reach.outside.map(({ verdict }) => verdict)).toEqual(["blocked"]);
    expect(new Date(checkedAt).getTime()).toBeGreaterThan(0);
  });

  it("is told in the other direction as well", async () => {
    const { reach } = await answered("from=shop/cart-0");
    expect(reach).toMatchObject({
      direction: "from",
      end: { text: "shop/cart-0" },
      sentence: "all 4 other workloads may be reached from it",
    });
  });

  it("is told for every workload of a whole cluster", async () => {
    const { reach } = await answered("from=shop/deployment/checkout", "demo");
    expect(reach.namespaces.length).toBeGreaterThan(4);
    expect(reach.sentence).toMatch(/^\d+ of \d+ other workloads may be reached from it/);
  });
});

describe("an end that cannot be asked about", () => {
  it("is refused where both are given, with who answers that", async () => {
    expect(await problemOf(await ask("to=shop/web-0&from=shop/cart-0"))).toMatchObject({
      type: "/problems/malformed-query",
      status: 400,
      detail: expect.stringContaining("/trace"),
      instance: "/api/v1/clusters/small/reachability",
    });
  });

  it.each(["to", "from"])("is malformed where it names no kind that there is: %s", async (field) => {
    expect(await problemOf(await ask(`${field}=shop/gizmo/web`))).toMatchObject({
      type: "/problems/question-malformed",
      status: 400,
      field,
    });
  });

  it.each(["to", "from"])("is malformed where it is empty: %s", async (field) => {
    expect(await problemOf(await ask(`${field}=`))).toMatchObject({ status: 400, field });
  });

  it("is not found where there is none, with the nearest", async () => {
    expect(await problemOf(await ask("to=shop/service/wep"))).toMatchObject({
      type: "/problems/end-not-found",
      status: 404,
      field: "to",
      title: "There is no Service wep in shop",
      nearest: ["shop/service/web", "shop/statefulset/web"],
    });
  });

  it("is no Service where it is to send", async () => {
    expect(await problemOf(await ask("from=shop/service/web"))).toMatchObject({ status: 400, field: "from" });
  });

  it.each(["to=shop/web-0", "by=workload"])("is 404 for a cluster that is not there: %s", async (query) => {
    expect(await problemOf(await ask(query, "nope"))).toMatchObject({
      type: "/problems/cluster-not-found",
      status: 404,
    });
  });
});
