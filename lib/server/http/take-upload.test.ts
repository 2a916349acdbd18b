import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { addedClusterSchema, graphAnswerSchema, serviceAnswerSchema } from "#lib/protocol/answers.ts";
import type { Clusters } from "#lib/server/clusters.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { readRequestLimits } from "../gate/request-limits.ts";
import { answerGraph } from "./answer-graph.ts";
import { answerService } from "./answer-object.ts";
import { takeUpload } from "./take-upload.ts";

const service = (name: string) =>
  `kind: Service\napiVersion: v1\nmetadata: {name: ${name}, namespace: shop}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n`;

const limitsKey = Symbol.for("throughline.request-limits");

let registry: Clusters;
beforeEach(() => {
  const snapshot = snapshotFromYaml(service("web"));
  registry = serveSources(sourceOf("prod", { kind: "snapshot", snapshot }));
});
afterAll(() => serveRegistry(undefined));

function upload(name: string | undefined, body: string | Uint8Array<ArrayBuffer> | undefined) {
  const query = name === undefined ? "" : `?name=${encodeURIComponent(name)}`;
  return takeUpload(
    new Request(`http://localhost/api/v1/clusters${query}`, { method: "POST", body: body ?? null }),
  );
}

async function archive(files: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> {
  const out = pack();
  for (const [name, content] of Object.entries(files)) out.entry({ name }, content);
  out.finalize();
  return new Uint8Array(gzipSync(await buffer(out)));
}

describe("an upload", () => {
  it("becomes a cluster of its own, that can be looked at", async () => {
    const response = await upload("two.yaml", `${service("a")}---\n${service("b")}`);
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/api/v1/clusters/two.yaml/graph");
    const added = await jsonOf(response, addedClusterSchema);
    expect(added).toEqual({ id: "two.yaml", name: "two.yaml" });
    expect(registry.list()[0]).toMatchObject({ id: "two.yaml", kind: "files", isDefault: false });
    const { cluster } = await jsonOf(await answerGraph(get("/x"), added.id), graphAnswerSchema);
    expect(cluster).toMatchObject({ origin: "manifests", counts: { services: 2 } });
    const ref = { kind: "service", namespace: "shop", name: "b" } as const;
    const { panel } = await jsonOf(await answerService(get("/x"), added.id, ref), serviceAnswerSchema);
    expect(panel.origin).toBe("two.yaml:6");
  });

  it("may be an archive", async () => {
    const body = await archive({ "dump/a.yaml": service("a"), "dump/b.yaml": service("b") });
    const { id } = await jsonOf(await upload("dump.tar.gz", body), addedClusterSchema);
    const { cluster } = await jsonOf(await answerGraph(get("/x"), id), graphAnswerSchema);
    expect(cluster.counts.services).toBe(2);
  });

  it("keeps what can be read and lists the rest", async () => {
    const { id } = await jsonOf(
      await upload("some.yaml", `${service("a")}---\nkind: [\n`),
      addedClusterSchema,
    );
    const { cluster } = await jsonOf(await answerGraph(get("/x"), id), graphAnswerSchema);
    expect(cluster).toMatchObject({
      problemCount: 1,
      problems: [{ where: "some.yaml" }],
      counts: { services: 1 },
    });
  });

  it("takes of a name only its last part, and finds an id that is free", async () => {
    expect(await jsonOf(await upload("../../etc/prod", service("a")), addedClusterSchema)).toEqual({
      id: "prod-2",
      name: "prod",
    });
    expect(await jsonOf(await upload("C:\\dumps\\prod", service("a")), addedClusterSchema)).toEqual({
      id: "prod-3",
      name: "prod",
    });
    expect((await jsonOf(await upload("x".repeat(999), service("a")), addedClusterSchema)).name).toHaveLength(
      200,
    );
  });

  it("does not take the place of another that comes in at the same time under the same name", async () => {
    const answers = await Promise.all(["a", "b", "c"].map((name) => upload("dump.yaml", service(name))));
    const added = await Promise.all(answers.map((answer) => jsonOf(answer, addedClusterSchema)));
    expect(new Set(added.map(({ id }) => id))).toEqual(new Set(["dump.yaml", "dump.yaml-2", "dump.yaml-3"]));
    expect(registry.list()).toHaveLength(4);
  });

  it.each([
    ["no name", undefined, service("a"), "The upload has no name"],
    ["a name that is only a folder", "dumps/", service("a"), "The upload has no name"],
    ["no body", "a.yaml", undefined, "Nothing was sent"],
  ])("is 400 with %s", async (_what, name, body, title) => {
    expect(await problemOf(await upload(name, body))).toMatchObject({
      type: "/problems/upload-malformed",
      status: 400,
      title,
      instance: "/api/v1/clusters",
    });
    expect(registry.list()).toHaveLength(1);
  });

  it.each([
    ["an empty body", "a.yaml", "", "nothing-found"],
    ["text that is no YAML of objects", "a.yaml", "hello", "nothing-found"],
    ["bytes that are no text", "a.bin", new Uint8Array([0, 1, 2, 255, 254]), "nothing-found"],
    [
      "objects of no kind that is shown",
      "a.yaml",
      "kind: Gizmo\napiVersion: x/v1\nmetadata: {name: a}\n",
      "nothing-found",
    ],
    [
      "an archive that cannot be read",
      "a.zip",
      new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0]),
      "unsupported-archive",
    ],
  ])("is 422 with %s, in words, and adds nothing", async (_what, name, body, code) => {
    const problem = await problemOf(await upload(name, body));
    expect(problem).toMatchObject({ type: `/problems/${code}`, status: 422 });
    expect(problem.detail).not.toBe("");
    expect(problem.remedy).not.toBe("");
    expect(registry.list()).toHaveLength(1);
  });

  it.each([
    ["files", "THROUGHLINE_LIMIT_UPLOAD_FILES", 3, "more than 3 files"],
    ["bytes, however well they are packed", "THROUGHLINE_LIMIT_UPLOAD_MB", 1, "more than 1 MiB"],
  ])("is 413 with more %s than are taken, and adds no part of it", async (_what, variable, most, said) => {
    const files = Object.fromEntries(
      ["a", "b", "c", "d"].map((name) => [`${name}.yaml`, `${service(name)}#${" ".repeat(400_000)}\n`]),
    );
    const limits = readRequestLimits({ [variable]: String(most) });
    Object.assign(globalThis, { [limitsKey]: limits.kind === "limits" ? limits.limits : undefined });
    const problem = await problemOf(await upload("dump.tar.gz", await archive(files)));
    Object.assign(globalThis, { [limitsKey]: undefined });
    expect(problem).toMatchObject({
      type: "/problems/too-large",
      status: 413,
      detail: expect.stringContaining(said),
      remedy: expect.stringContaining("one namespace at a time"),
    });
    expect(registry.list()).toHaveLength(1);
  });

  it("is 422 where its archive is cut off before anything could be read", async () => {
    const whole = await archive({ "a.yaml": service("a") });
    expect((await problemOf(await upload("a.tgz", whole.slice(0, 20)))).status).toBe(422);
  });
});
