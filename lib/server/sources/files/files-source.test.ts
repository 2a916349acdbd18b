import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { SourceResult } from "../source.ts";
import { filesSource } from "./files-source.ts";
import { defaultLimits, type Limits } from "./limits.ts";

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function folder(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "files-source-"));
  made.push(root);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

async function file(name: string, content: string | Buffer): Promise<string> {
  return join(await folder({ [name]: content }), name);
}

type TarEntry =
  | string
  | { readonly type: "symlink" | "link" | "character-device"; readonly linkname?: string };

async function tar(entries: readonly (readonly [string, TarEntry])[]): Promise<Buffer> {
  const out = pack();
  for (const [name, entry] of entries) {
    if (typeof entry === "string") out.entry({ name }, entry);
    else out.entry({ name, ...entry });
  }
  out.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of out) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function read(path: string, limits: Partial<Limits> = {}): Promise<SourceResult> {
  const source = filesSource(path, { id: "files", name: "files", limits: { ...defaultLimits, ...limits } });
  return source.read(() => undefined, new AbortController().signal);
}

async function snapshot(path: string, limits: Partial<Limits> = {}): Promise<Snapshot> {
  const result = await read(path, limits);
  if (result.kind !== "snapshot") throw new Error(JSON.stringify(result));
  return result.snapshot;
}

async function failure(path: string) {
  const result = await read(path);
  if (result.kind !== "failed") throw new Error("it was read");
  return result.failure;
}

const service = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {ports: [{port: 80}]}\n`;
const live = (name: string) =>
  service(name).replace("metadata: {", 'metadata: {uid: "1", creationTimestamp: "2026-11-21T07:58:10Z", ');
const names = (given: Snapshot) => given.objects.services?.map(({ name }) => name);

describe("filesSource of a folder", () => {
  it("reads every file below it, and takes it for the whole truth", async () => {
    const given = await snapshot(
      await folder({
        "a.yaml": service("a"),
        "deep/er/b.yml": service("b"),
        "c.json": "[]",
        "notes.txt": "x",
      }),
    );
    expect(names(given)).toEqual(["a", "b"]);
    expect(given).toMatchObject({ origin: "manifests", takenAt: undefined, unread: {}, problems: [] });
    expect(given.objects.networkPolicies).toEqual([]);
    expect(given.objects.services?.[1]?.origin).toEqual({ file: "deep/er/b.yml", line: 1 });
  });

  it("takes live objects for a dump of what someone chose to collect", async () => {
    const given = await snapshot(
      await folder({
        "a.yaml": live("a"),
        "policies.yaml": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems: []\n",
      }),
    );
    expect(given).toMatchObject({ origin: "dump", takenAt: "2026-11-21T07:58:10Z" });
    expect(given.objects.networkPolicies).toEqual([]);
    expect(given.objects.pods).toBeUndefined();
    expect(given.unread.pods).toEqual({ reason: "not-collected", message: "No Pod is in the given files." });
  });

  it("loses one document of a broken file among 400, and says which, and that there may be more of its kind", async () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 400; i++) files[`app-${String(i).padStart(3, "0")}.yaml`] = service(`app-${i}`);
    files["app-200.yaml"] =
      `${service("before")}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: app-200\n namespace: shop\n---\n${service("after")}`;
    const given = await snapshot(await folder(files));
    expect(names(given)).toHaveLength(401);
    expect(names(given)).toEqual(expect.arrayContaining(["before", "after", "app-199", "app-201"]));
    expect(given.problems).toEqual([
      {
        kind: "invalid",
        where: "app-200.yaml",
        line: 10,
        why: expect.stringMatching(/^It is no valid YAML: /),
      },
    ]);
    expect(given.unread).toEqual({
      services: { reason: "failed", message: "Something of kind Service in app-200.yaml could not be read." },
    });
  });

  it("tells a malformed object by file, line, object and field", async () => {
    const given = await snapshot(
      await folder({ "a.yaml": `${service("a")}---\n${service("b").replace("port: 80", "port: '80'")}` }),
    );
    expect(given.problems).toEqual([
      {
        kind: "invalid",
        where: "a.yaml",
        line: 6,
        why: "spec.ports[0].port must be a number; remove the quotes.",
        subject: "Service shop/b",
      },
    ]);
  });

  it("passes over what is no Kubernetes object, and tells a Helm template once", async () => {
    const given = await snapshot(
      await folder({
        "a.yaml": service("a"),
        "values.yaml": "replicaCount: 1\nimage: {tag: v1}\n",
        "kustomization.yaml": "resources: [a.yaml]\n",
        "docker-compose.yaml": "services: {web: {image: nginx}}\n",
        "chart/templates/web.yaml": `{{- if .Values.on }}\n${service("{{ .Release.Name }}")}{{- end }}\n---\n${service("{{ .Release.Name }}-b")}`,
      }),
    );
    expect(names(given)).toEqual(["a"]);
    expect(given.problems).toEqual([
      {
        kind: "skipped",
        where: "chart/templates/web.yaml",
        line: 1,
        why: expect.stringContaining("helm template"),
      },
    ]);
  });

  it("says nothing of JSON and YAML that is broken and has nothing to do with Kubernetes", async () => {
    const given = await snapshot(
      await folder({ "a.yaml": service("a"), "tsconfig.json": "{ // no JSON\n a: [}", "ci.yml": "a: [\n" }),
    );
    expect(given).toMatchObject({ problems: [], unread: {} });
  });

  it("takes an object that only mentions braces", async () => {
    const given = await snapshot(
      await folder({
        "a.yaml": service("a").replace("metadata: {", "metadata: {annotations: {t: '{{ x }}'}, "),
      }),
    );
    expect(names(given)).toEqual(["a"]);
    expect(given.problems).toEqual([]);
  });

  it("follows a link within the folder and none out of it", async () => {
    const root = await folder({ "real/a.yaml": service("a") });
    const outside = await file("secret.yaml", service("outside"));
    await symlink("real/a.yaml", join(root, "b.yaml"));
    await symlink(outside, join(root, "out.yaml"));
    const given = await snapshot(root);
    expect(names(given)).toEqual(["a"]);
    expect(given.problems).toEqual([
      { kind: "skipped", where: "out.yaml", why: "It is a link out of the folder, which is not followed." },
    ]);
  });

  it("tells empty and binary files, and archives that it does not open", async () => {
    const given = await snapshot(
      await folder({
        "a.yaml": service("a"),
        "empty.yaml": "",
        "junk.json": Buffer.from([1, 0, 2, 0, 3]),
        "x.tar.gz": "",
      }),
    );
    expect(given.problems.map(({ kind, where }) => [kind, where])).toEqual([
      ["skipped", "empty.yaml"],
      ["unreadable", "junk.json"],
      ["skipped", "x.tar.gz"],
    ]);
  });

  it("fails in words where there is nothing", async () => {
    expect(await failure("/no/such/place")).toMatchObject({ code: "not-found" });
    expect(await failure(await folder({}))).toMatchObject({ code: "nothing-found" });
    expect(await failure(await folder({ "a.yaml": "a: 1\n" }))).toMatchObject({
      code: "nothing-found",
      detail: "Files read: 1. Documents in them that are no object of a kind shown here: 1.",
    });
    expect(await failure(await file("a.yaml", ""))).toMatchObject({
      code: "nothing-found",
      detail: expect.stringContaining("a.yaml: The file is empty."),
    });
  });

  it("stops at a limit, keeps what it has and says so", async () => {
    const root = await folder({
      "a.yaml": service("a"),
      "b.yaml": service("b"),
      "c/c.yaml": service("c"),
      "d/d.yaml": service("d"),
    });
    const few = await snapshot(root, { entries: 2 });
    expect(names(few)).toEqual(["a", "b"]);
    expect(few.problems).toMatchObject([{ kind: "limit", where: "c/c.yaml" }]);
    expect(few.unread.services?.reason).toBe("failed");
    const small = await snapshot(
      await folder({ "a.yaml": service("a"), "b.yaml": `${service("b")}# ${"x".repeat(500)}` }),
      { entryBytes: 400 },
    );
    expect(names(small)).toEqual(["a"]);
    expect(small.problems).toMatchObject([{ kind: "limit", where: "b.yaml" }]);
  });

  it("tells the first problems one by one and counts the rest", async () => {
    const bad = Array.from({ length: 30 }, (_, i) => service(`a${i}`).replace("port: 80", "port: x")).join(
      "---\n",
    );
    const given = await snapshot(await folder({ "a.yaml": service("a"), "b.yaml": bad }), { problems: 10 });
    expect(given.problems).toHaveLength(11);
    expect(given.problems).toContainEqual({
      kind: "limit",
      where: "all files",
      why: "20 more problems are not told one by one.",
    });
  });

  it("gives up when it is told to", async () => {
    const stop = new AbortController();
    stop.abort();
    const source = filesSource(await folder({ "a.yaml": service("a") }), { id: "f", name: "f" });
    expect(await source.read(() => undefined, stop.signal)).toMatchObject({
      kind: "failed",
      failure: { code: "cancelled" },
    });
  });
});

describe("filesSource of an archive", () => {
  it.each([
    ["a.tar", (bytes: Buffer) => bytes],
    ["a.tar.gz", gzipSync],
    ["a.tgz", gzipSync],
    ["renamed", gzipSync],
  ])("reads %s", async (name, packed) => {
    const bytes = await tar([
      ["./dump/a.yaml", service("a")],
      [
        "dump/b.json",
        JSON.stringify({
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "b", namespace: "shop" },
          spec: {},
        }),
      ],
      ["dump/web.log", "not: [yaml"],
    ]);
    const given = await snapshot(await file(name, packed(bytes)));
    expect(names(given)).toEqual(["a", "b"]);
    expect(given.problems).toEqual([]);
    expect(given.objects.services?.[0]?.origin?.file).toBe("dump/a.yaml");
  });

  it("reads a packed file that is no archive", async () => {
    expect(names(await snapshot(await file("a.yaml.gz", gzipSync(service("a")))))).toEqual(["a"]);
  });

  it("leaves out names that lead outside, links and devices, and says so", async () => {
    const bytes = await tar([
      ["../../etc/passwd.yaml", service("evil")],
      ["/etc/b.yaml", service("evil")],
      ["a/../../c.yaml", service("evil")],
      ["C:\\windows\\d.yaml", service("evil")],
      ["link.yaml", { type: "symlink", linkname: "/etc/passwd" }],
      ["hard.yaml", { type: "link", linkname: "../x" }],
      ["device.yaml", { type: "character-device" }],
      ["logs/web.log", { type: "symlink", linkname: "../other.log" }],
      ["._good.yaml", "\u0000\u0001"],
      ["good.yaml", service("good")],
    ]);
    const given = await snapshot(await file("a.tar", bytes));
    expect(names(given)).toEqual(["good"]);
    expect(given.problems).toHaveLength(7);
    expect(given.problems.every(({ kind }) => kind === "skipped")).toBe(true);
  });

  it("keeps what comes before the cut of a truncated archive, and says that there may be more", async () => {
    const filler = Array.from({ length: 200 }, (_, i) => `${i}: ${Math.sin(i)}`).join("\n");
    const bytes = gzipSync(
      await tar([
        ["a.yaml", live("a")],
        ["noise.yaml", filler],
        ["b.yaml", live("b")],
      ]),
    );
    const given = await snapshot(await file("a.tgz", bytes.subarray(0, bytes.length - 200)));
    expect(names(given)).toEqual(["a"]);
    expect(given.problems).toEqual([
      {
        kind: "unreadable",
        where: "a.tar",
        why: "It is cut short: its end is missing. What comes before is used.",
      },
    ]);
    expect(given.unread.services).toMatchObject({ reason: "failed" });
  });

  it("keeps whole documents of a truncated .gz, and leaves out the one that is cut", async () => {
    const text = Array.from({ length: 50 }, (_, i) => live(`app-${i}-${Math.sin(i)}`.replace(".", "-"))).join(
      "---\n",
    );
    const bytes = gzipSync(text);
    const given = await snapshot(await file("a.yaml.gz", bytes.subarray(0, bytes.length / 2)));
    expect(names(given)?.length).toBeGreaterThan(2);
    expect(given.problems.map(({ kind }) => kind)).toEqual(["unreadable", "invalid"]);
  });

  it("says of a damaged archive that it is", async () => {
    const bytes = gzipSync(await tar([["a.yaml", service("a")]]));
    bytes.fill(0x55, 30, 60);
    expect(await failure(await file("a.tgz", bytes))).toMatchObject({
      code: "nothing-found",
      detail: expect.stringContaining("damaged"),
    });
  });

  it.each([
    ["a.zip", Buffer.from("504b030414000000", "hex"), "a zip archive"],
    ["a.tar.xz", Buffer.from("fd377a585a000004", "hex"), "an xz archive"],
    ["a.tar.bz2", Buffer.from("425a683931415926", "hex"), "a bzip2 archive"],
    ["a.tar.zst", Buffer.from("28b52ffd04000000", "hex"), "a zstd archive"],
  ])("says of %s what to do instead", async (name, bytes, what) => {
    expect(await failure(await file(name, bytes))).toMatchObject({
      code: "unsupported-archive",
      title: `${name} is ${what}, which cannot be read here.`,
      remedy: expect.stringContaining(".tar.gz"),
    });
  });

  it("stops a bomb by its ratio, and a large archive by its size, and keeps what came before", async () => {
    const bomb = gzipSync(
      await tar([
        ["a.yaml", service("a")],
        ["big.log", "x".repeat(3_000_000)],
        ["b.yaml", service("b")],
      ]),
    );
    const path = await file("a.tgz", bomb);
    for (const limits of [
      { compressionRatioFromBytes: 100_000, compressionRatio: 50 },
      { totalBytes: 500_000 },
    ]) {
      const given = await snapshot(path, limits);
      expect(names(given)).toEqual(["a"]);
      expect(given.problems).toMatchObject([{ kind: "limit", where: "a.tar" }]);
      expect(given.unread.services).toMatchObject({ reason: "failed" });
    }
    const entries = await snapshot(path, { entries: 1 });
    expect(names(entries)).toEqual(["a"]);
    expect(entries.problems).toMatchObject([{ kind: "limit" }]);
  });

  it("passes over one entry that is too large", async () => {
    const bytes = await tar([
      ["big.json", " ".repeat(10_000)],
      ["a.yaml", service("a")],
    ]);
    const given = await snapshot(await file("a.tar", bytes), { entryBytes: 5_000 });
    expect(names(given)).toEqual(["a"]);
    expect(given.problems).toMatchObject([{ kind: "limit", where: "big.json" }]);
  });
});

describe("reading a file again", () => {
  it("parses it once while it stays as it is, and again when it changes", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "throughline-again-")), "web.yaml");
    const service = (name: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: 80}]}\n`;
    await writeFile(file, service("first"));
    const source = filesSource(file, { id: "files", name: "web.yaml" });
    const read = () => source.read(() => {}, new AbortController().signal);
    const first = await read();
    expect(await read()).toBe(first);
    await writeFile(file, service("second-name"));
    const second = await read();
    if (second.kind === "failed") throw new Error(second.failure.title);
    expect(second.snapshot.objects.services?.map(({ name }) => name)).toEqual(["second-name"]);
    await rm(dirname(file), { recursive: true });
  });
});
