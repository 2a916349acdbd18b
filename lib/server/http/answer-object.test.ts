import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PluralKind, Snapshot, Unread } from "#lib/model/snapshot.ts";
import { objectAnswerSchema, panelAnswerSchema, serviceAnswerSchema } from "#lib/protocol/answers.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerObject, answerService } from "./answer-object.ts";

function without(snapshot: Snapshot, plural: PluralKind, unread: Unread): Snapshot {
  return {
    ...snapshot,
    objects: { ...snapshot.objects, [plural]: undefined },
    unread: { ...snapshot.unread, [plural]: unread },
  };
}

beforeAll(async () => {
  const demo = await readDemo();
  if (demo.kind === "failed") throw new Error(demo.failure.detail);
  const forbidden = {
    reason: "forbidden",
    message: "networkpolicies is forbidden",
    remedy: "a rule",
  } as const;
  const notServed = { reason: "not-served", message: "The API server does not serve GRPCRoute." } as const;
  const served = (id: string, snapshot: Snapshot) => sourceOf(id, { kind: "snapshot", snapshot }, "files");
  serveSources(
    served("demo", demo.snapshot),
    served("no-policies", without(demo.snapshot, "networkPolicies", forbidden)),
    served("no-grpc", without(demo.snapshot, "grpcRoutes", notServed)),
    served("no-namespaces", without(demo.snapshot, "namespaces", forbidden)),
  );
});
afterAll(() => serveRegistry(undefined));

const object = (kind: string, namespace: string, name: string, id = "demo") =>
  answerObject(get(`/api/v1/clusters/${id}/objects/${kind}/${namespace}/${name}`), id, kind, namespace, name);
const service = (namespace: string, name: string) =>
  answerService(get(`/api/v1/clusters/demo/services/${namespace}/${name}`), "demo", {
    kind: "service",
    namespace,
    name,
  });

describe("a Service", () => {
  it("has a panel, with the moment that ages count to", async () => {
    const answer = await jsonOf(await service("shop", "search"), serviceAnswerSchema);
    expect(answer).toMatchObject({ kind: "service", panel: { id: "service/shop/search" } });
    expect(answer.checkedAt).toMatch(/^2026-11-20T21:1/);
  });

  it("answers under the address of any object too", async () => {
    const answer = await jsonOf(await object("svc", "shop", "search"), panelAnswerSchema);
    expect(answer).toEqual(await jsonOf(await service("shop", "search"), serviceAnswerSchema));
  });

  it("that is not there is 404, with the nearest names and who names it", async () => {
    expect(await problemOf(await service("shop", "order-admin"))).toMatchObject({
      type: "/problems/object-not-found",
      status: 404,
      title: "There is no Service order-admin in namespace shop",
      detail: "It was deleted, renamed, or never there.",
      nearest: expect.arrayContaining(["service/shop/orders-admin"]),
      referredBy: ["ingress/shop/back-office"],
      instance: "/api/v1/clusters/demo/services/shop/order-admin",
    });
  });
});

describe("an object", () => {
  it.each(["deployment", "Deployment", "deployments", "deploy"])(
    "is found by its kind spelled %s",
    async (word) => {
      expect(await jsonOf(await object(word, "shop", "reviews"), objectAnswerSchema)).toMatchObject({
        kind: "object",
        panel: { id: "deployment/shop/reviews", health: "broken" },
      });
    },
  );

  it("of the whole cluster is found whatever stands for its namespace", async () => {
    for (const namespace of ["-", "shop"])
      expect(await jsonOf(await object("node", namespace, "worker-a1"), objectAnswerSchema)).toMatchObject({
        panel: { id: "node/worker-a1" },
      });
  });

  it("of no kind that is read is 400, with the kinds that are", async () => {
    const problem = await problemOf(await object("gizmo", "shop", "x"));
    expect(problem).toMatchObject({
      type: "/problems/kind-unknown",
      status: 400,
      title: "Throughline reads no kind called gizmo",
    });
    expect(problem.detail).toContain("network-policy");
    expect((await problemOf(await object("x".repeat(9_000), "shop", "x"))).title.length).toBeLessThan(120);
  });

  it("of a namespace that is not there says so", async () => {
    expect(await problemOf(await object("pod", "nowhere", "x"))).toMatchObject({
      status: 404,
      detail: "There is no namespace nowhere either.",
    });
  });

  it("says nothing of namespaces that were not read", async () => {
    expect(await problemOf(await object("pod", "nowhere", "x", "no-namespaces"))).toMatchObject({
      status: 404,
      detail: "It was deleted, renamed, or never there.",
    });
  });

  it("of a kind that was not read is not said to be absent", async () => {
    expect(await problemOf(await object("netpol", "shop", "deny", "no-policies"))).toMatchObject({
      type: "/problems/kind-not-read",
      status: 404,
      title: "Whether NetworkPolicy deny exists in namespace shop is not known",
      detail: "NetworkPolicy could not be read, or not in full: networkpolicies is forbidden",
      remedy: "a rule",
    });
  });

  it("of a kind that the cluster does not serve is absent", async () => {
    expect(await problemOf(await object("grpc-route", "shop", "x", "no-grpc"))).toMatchObject({
      type: "/problems/object-not-found",
      detail: "The API server does not serve GRPCRoute.",
    });
  });

  it.each(["a/b", "..", "%", "a b", "日本", "<script>"])(
    "whose name cannot be (%s) is absent like any other",
    async (name) => {
      const problem = await problemOf(
        await answerObject(get("/api/v1/clusters/demo/objects/pod/shop/x"), "demo", "pod", "shop", name),
      );
      expect(problem).toMatchObject({ type: "/problems/object-not-found", status: 404 });
    },
  );

  it("of a cluster that is not there is 404 for the cluster", async () => {
    expect((await problemOf(await object("pod", "shop", "x", "nope"))).type).toBe(
      "/problems/cluster-not-found",
    );
  });
});
