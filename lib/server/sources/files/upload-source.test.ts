import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { SourceResult } from "../source.ts";
import { type UploadedFile, uploadSource } from "./upload-source.ts";

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {}\n`;

function streamOf(bytes: Uint8Array, chunkBytes = 7): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, at + chunkBytes));
      at += chunkBytes;
    },
  });
}

const uploaded = (name: string, content: string | Buffer): UploadedFile => ({
  name,
  stream: streamOf(Buffer.from(content)),
});

function readAll(...files: UploadedFile[]): Promise<SourceResult> {
  return uploadSource(files, { id: "upload", name: "dropped files" }).read(
    () => undefined,
    new AbortController().signal,
  );
}

describe("uploadSource", () => {
  it("reads files as they arrive in small pieces, packed or not", async () => {
    const result = await readAll(
      uploaded("a.yaml", service("a")),
      uploaded("b.yaml.gz", gzipSync(service("b"))),
    );
    expect(result).toMatchObject({ kind: "snapshot", snapshot: { problems: [] } });
    expect(result.kind === "snapshot" && result.snapshot.objects.services?.map(({ id }) => id)).toEqual([
      "service/default/a",
      "service/default/b",
    ]);
  });

  it("knows a dropped support bundle by the folders in its files' names", async () => {
    const result = await readAll(
      uploaded(
        "bundle/cluster-resources/pods/shop.json",
        '[{"metadata": {"name": "a", "namespace": "shop"}, "spec": {}}]',
      ),
    );
    expect(result).toMatchObject({
      snapshot: {
        objects: {
          pods: [{ id: "pod/shop/a", origin: { file: "bundle/cluster-resources/pods/shop.json" } }],
        },
      },
    });
  });

  it("gives the same result again, since a stream can be read once", async () => {
    const source = uploadSource([uploaded("a.yaml", service("a"))], { id: "upload", name: "a.yaml" });
    const { signal } = new AbortController();
    const first = await source.read(() => undefined, signal);
    expect(await source.read(() => undefined, signal)).toBe(first);
    expect(source.changes).toBe(false);
  });

  it("keeps what it can when one of the files is an archive that it cannot read", async () => {
    const result = await readAll(
      uploaded("a.yaml", service("a")),
      uploaded("b.zip", Buffer.from("504b030414000000", "hex")),
    );
    expect(result).toMatchObject({
      kind: "snapshot",
      snapshot: { problems: [{ kind: "unreadable", where: "b.zip" }] },
    });
    expect(await readAll(uploaded("b.zip", Buffer.from("504b030414000000", "hex")))).toMatchObject({
      kind: "failed",
      failure: { code: "unsupported-archive" },
    });
  });

  it("takes nothing of what did not arrive whole: nobody is left to look at it", async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(`${service("a")}---\n${service("b")}`));
      },
      pull(controller) {
        controller.error(new Error("connection reset"));
      },
    });
    expect(await readAll({ name: "a.yaml", stream })).toMatchObject({
      kind: "failed",
      failure: { code: "cancelled" },
    });
  });
});
