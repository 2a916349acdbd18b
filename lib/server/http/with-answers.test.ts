import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { healthSchema } from "#lib/protocol/answers.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import type { SourceResult } from "../sources/source.ts";
import { answerReady } from "./answer-ready.ts";
import { asOfMoment, withAnswers } from "./with-answers.ts";

const snapshot: SourceResult = {
  kind: "snapshot",
  snapshot: snapshotFromYaml("{kind: Node, apiVersion: v1, metadata: {name: n1}}"),
};
const failure = {
  code: "cluster-unreachable",
  title: "No answer.",
  detail: "10.0.0.1:6443",
  remedy: "Look.",
};
const never = new Promise<SourceResult>(() => {});

const ask = (id: string, respond: () => Response = () => Response.json({})) =>
  withAnswers(get(`/api/v1/clusters/${id}/x`), id, respond);

afterEach(() => serveRegistry(undefined));

describe("an answer about a cluster", () => {
  it("is given answers, the cluster as listed, and the moment that ages count to", async () => {
    serveSources(sourceOf("prod", snapshot));
    let asked: unknown;
    await withAnswers(get("/x"), "prod", (given) => {
      asked = given;
      return Response.json({});
    });
    expect(asked).toMatchObject({
      cluster: { id: "prod", isDefault: true, state: { kind: "live" } },
      answers: { version: 1, findings: [] },
      asOf: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it("is 404 for a cluster that is not there, with the nearest", async () => {
    serveSources(sourceOf("prod-eu", snapshot), sourceOf("demo", snapshot));
    expect(await problemOf(await ask("prod-ue"))).toMatchObject({
      type: "/problems/cluster-not-found",
      status: 404,
      title: "No cluster here is called prod-ue",
      nearest: ["prod-eu"],
      instance: "/api/v1/clusters/prod-ue/x",
    });
    const long = await problemOf(await ask("x".repeat(5_000)));
    expect(long.title.length).toBeLessThan(200);
  });

  it("is 404 as well for one that goes while it is read", async () => {
    const registry = serveSources(sourceOf("prod", snapshot));
    serveRegistry({ ...registry, defaultId: "prod", list: () => [] });
    expect(await problemOf(await ask("prod"))).toMatchObject({
      type: "/problems/cluster-not-found",
      status: 404,
    });
  });

  it("is 503 while the cluster is read, to be asked again in a moment", async () => {
    serveSources(sourceOf("slow", never));
    const response = await ask("slow");
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await problemOf(response)).toMatchObject({
      type: "/problems/cluster-syncing",
      status: 503,
      detail: "It has not answered yet.",
    });
  });

  it("says how far the read has come", async () => {
    const source = sourceOf("slow", never);
    serveSources({
      ...source,
      read: (onProgress) => {
        onProgress({ done: 3, of: 28, objects: 100, reading: "pods" });
        return never;
      },
    });
    expect(await problemOf(await ask("slow"))).toMatchObject({
      status: 503,
      detail: "3 of 28 kinds are read.",
    });
  });

  it("is 502 where the cluster could not be read, in the failure's words", async () => {
    serveSources(sourceOf("down", { kind: "failed", failure }));
    expect(await problemOf(await ask("down"))).toEqual({
      type: "/problems/cluster-unreachable",
      title: "No answer.",
      status: 502,
      detail: "10.0.0.1:6443",
      remedy: "Look.",
      instance: "/api/v1/clusters/down/x",
    });
  });

  it("is 404 where what was to be read is not there", async () => {
    serveSources(sourceOf("gone", { kind: "failed", failure: { ...failure, code: "not-found" } }));
    expect(await problemOf(await ask("gone"))).toMatchObject({ type: "/problems/not-found", status: 404 });
  });

  describe("with a bug in it", () => {
    let log: string[] = [];
    beforeEach(() => {
      log = [];
      vi.spyOn(process.stderr, "write").mockImplementation((line) => {
        log.push(String(line));
        return true;
      });
    });
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it("is 500 without its details, which the log has", async () => {
      serveSources(sourceOf("prod", snapshot));
      const response = await ask("prod", () => {
        throw new Error("token abc in /home/me");
      });
      const problem = await problemOf(response);
      expect(problem).toMatchObject({ type: "/problems/internal-error", status: 500 });
      expect(JSON.stringify(problem)).not.toMatch(/abc|home|\.ts/);
      expect(log).toHaveLength(1);
      expect(JSON.parse(log[0] ?? "")).toMatchObject({
        level: "error",
        route: "other",
        error: "Error",
        at: expect.stringContaining("with-answers.test.ts"),
      });
      expect(log[0]).not.toContain("token abc");
    });

    it("is 500 where the settings are wrong, on every address", async () => {
      vi.stubEnv("THROUGHLINE_DEMO", "maybe");
      serveRegistry(undefined);
      expect((await problemOf(await ask("prod"))).status).toBe(500);
      expect((await problemOf(await answerReady(get("/readyz")))).status).toBe(500);
      vi.unstubAllEnvs();
    });
  });
});

describe("readiness", () => {
  it("is there once the default cluster is read, and never cached", async () => {
    serveSources(sourceOf("prod", snapshot), sourceOf("slow", never));
    const response = await answerReady(get("/readyz"));
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await jsonOf(response, healthSchema)).toEqual({ status: "ok" });
  });

  it("is not there until then, nor where it could not be read", async () => {
    serveSources(sourceOf("slow", never), sourceOf("prod", snapshot));
    expect((await problemOf(await answerReady(get("/readyz")))).status).toBe(503);
    serveSources(sourceOf("down", { kind: "failed", failure }));
    expect(await problemOf(await answerReady(get("/readyz")))).toMatchObject({
      status: 502,
      instance: "/readyz",
    });
  });

  it("says no more than that to whoever probes, where people sign in", async () => {
    const access = Symbol.for("throughline.access");
    Object.assign(globalThis, { [access]: undefined });
    vi.stubEnv("THROUGHLINE_AUTH", "token");
    vi.stubEnv("THROUGHLINE_TOKEN", "sixteen letters!");
    serveSources(sourceOf("down", { kind: "failed", failure }));
    const response = await answerReady(get("/readyz"));
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "starting" });
    serveSources(sourceOf("prod", snapshot));
    expect((await answerReady(get("/readyz"))).status).toBe(200);
    vi.unstubAllEnvs();
    Object.assign(globalThis, { [access]: undefined });
  });
});

describe("the moment that ages count to", () => {
  const summary = (kind: "kube" | "files", checkedAt?: string) => ({
    id: "x",
    name: "x",
    kind,
    isDefault: true,
    state: checkedAt === undefined ? ({ kind: "idle" } as const) : ({ kind: "live", checkedAt } as const),
  });
  const answers = (takenAt: string | undefined) => ({ snapshot: { ...snapshot.snapshot, takenAt } });

  it.each([
    [
      "a cluster: when it was checked",
      summary("kube", "2026-01-02T00:00:00Z"),
      "2026-01-01T00:00:00Z",
      "2026-01-02T00:00:00Z",
    ],
    [
      "a dump: its own",
      summary("files", "2026-01-02T00:00:00Z"),
      "2025-05-05T00:00:00Z",
      "2025-05-05T00:00:00Z",
    ],
    [
      "manifests: when they were read",
      summary("files", "2026-01-02T00:00:00Z"),
      undefined,
      "2026-01-02T00:00:00Z",
    ],
  ])("is, for %s", (_what, cluster, takenAt, expected) => {
    expect(asOfMoment(answers(takenAt), cluster)).toBe(expected);
  });
});
