import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { matrixAnswerSchema, namespaceMatrixAnswerSchema } from "#lib/protocol/trace.ts";
import { pod } from "#lib/testing/cluster-yaml.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { allow, cluster } from "#lib/testing/reach-cluster.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerReachability } from "./answer-reachability.ts";

const rules =
  "{ from: [{ podSelector: { matchLabels: { app: cart } } }, { ipBlock: { cidr: 10.0.2.0/24 } }], ports: [{ port: 8080 }, { port: 9102 }] }";
const small = cluster + allow(rules);
const many = Array.from({ length: 1200 }, (_, n) => pod(`shop/p-${String(n).padStart(4, "0")}`)).join("");

beforeAll(() => {
  const served = (id: string, yaml: string) =>
    sourceOf(id, { kind: "snapshot", snapshot: snapshotFromYaml(yaml) });
  serveSources(served("small", small), served("large", many));
});
afterAll(() => serveRegistry(undefined));

const path = (query: string, id: string) => `/api/v1/clusters/${id}/reachability?${query}`;
const ask = (query: string, id = "small") => answerReachability(get(path(query, id)), id);
const page = async (query: string, id = "small") => jsonOf(await ask(query, id), matrixAnswerSchema);

const all = ["edge/cart-0", "edge/proxy-0", "lab/proxy-0", "shop/cart-0", "shop/statefulset/web"];

describe("the matrix of workloads", () => {
  it("is a letter for each pair, with who stands where", async () => {
    const { rows, columns, cells, total, offset } = await page("");
    expect(rows.map(({ text }) => text)).toEqual(all);
    expect(columns).toEqual(rows);
    expect(total).toEqual({ rows: 5, columns: 5 });
    expect(offset).toEqual({ row: 0, column: 0 });
    expect(cells).toEqual(["rrrrb", "rrrrb", "rrrru", "rrrrs", "rrrrb"]);
    expect(rows.at(-1)).toEqual({
      text: "shop/statefulset/web",
      kind: "stateful-set",
      namespace: "shop",
      name: "web",
      protocol: "TCP",
    });
  });

  it.each([
    ["a page of rows", "row=3&limit=1", ["shop/cart-0"], ["edge/cart-0"]],
    ["a page of both", "row=1&column=3&limit=2", ["edge/proxy-0", "lab/proxy-0"], all.slice(3)],
    ["a page past the end", "row=9", [], all],
    ["rows of some namespaces", "fromNs=lab,shop", all.slice(2), all],
    ["columns of a namespace", "toNs=edge", all, all.slice(0, 2)],
    ["what holds a text, in any case", "match=PROXY", all.slice(1, 3), all.slice(1, 3)],
    ["what holds a namespace and a name", "match=edge/c", ["edge/cart-0"], ["edge/cart-0"]],
    ["nothing of a namespace that is not there", "fromNs=nope", [], all],
  ])("gives %s", async (_what, query, rows, columns) => {
    const found = await page(query);
    expect(found.rows.map(({ text }) => text)).toEqual(rows);
    expect(found.columns.map(({ text }) => text)).toEqual(columns);
    expect(found.cells.map((cells) => cells.length)).toEqual(rows.map(() => columns.length));
  });

  it("has in a page what it has as a whole", async () => {
    const whole = await page("");
    const part = await page("row=2&column=3&limit=2");
    expect(part.cells).toEqual(whole.cells.slice(2, 4).map((row) => row.slice(3, 5)));
    expect(part.total).toEqual(whole.total);
    expect(part.offset).toEqual({ row: 2, column: 3 });
  });

  it("counts all that is chosen, whatever the page", async () => {
    expect((await page("fromNs=shop&limit=1")).total).toEqual({ rows: 2, columns: 5 });
  });

  it("gives 200 of each where no limit is given, and 500 at most", async () => {
    expect((await page("", "large")).rows).toHaveLength(200);
    const found = await page("limit=500", "large");
    expect([found.rows.length, found.columns.length]).toEqual([500, 500]);
    expect(found.total).toEqual({ rows: 1200, columns: 1200 });
  });

  it("takes an empty part as not given", async () => {
    expect(await page("limit=&row=&fromNs=&match=&by=")).toEqual(await page(""));
  });
});

describe("the matrix of namespaces", () => {
  it("counts pairs, those that may, and those of which it is not known", async () => {
    const answer = await jsonOf(await ask("by=namespace"), namespaceMatrixAnswerSchema);
    expect(answer.namespaces).toEqual([
      { name: "edge", workloads: 2 },
      { name: "lab", workloads: 1 },
      { name: "shop", workloads: 2 },
    ]);
    expect(answer.cells).toEqual([
      [
        [2, 2, 0],
        [2, 2, 0],
        [4, 2, 0],
      ],
      [
        [2, 2, 0],
        [0, 0, 0],
        [2, 1, 1],
      ],
      [
        [4, 4, 0],
        [2, 2, 0],
        [2, 2, 0],
      ],
    ]);
  });
});

/** Records of a text as RFC 4180 has them; each ends with CRLF. */
function recordsOf(text: string): readonly (readonly string[])[] {
  expect(text.endsWith("\r\n")).toBe(true);
  return text
    .slice(0, -2)
    .split("\r\n")
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,"]*)(?:,|$)/g)]
        .map(([, field = ""]) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field))
        .slice(0, line === "" ? undefined : -1),
    );
}

describe("as CSV", () => {
  it("is a file with a head, a line for each source, and the verdicts in words", async () => {
    const response = await ask("format=csv");
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="reachability.csv"');
    const records = recordsOf(await response.text());
    expect(records[0]).toEqual(["from \\ to", ...all]);
    expect(records.slice(1)).toEqual([
      ["edge/cart-0", "reachable", "reachable", "reachable", "reachable", "blocked"],
      ["edge/proxy-0", "reachable", "reachable", "reachable", "reachable", "blocked"],
      ["lab/proxy-0", "reachable", "reachable", "reachable", "reachable", "unknown"],
      ["shop/cart-0", "reachable", "reachable", "reachable", "reachable", "some-ports"],
      ["shop/statefulset/web", "reachable", "reachable", "reachable", "reachable", "blocked"],
    ]);
  });

  it("is all that is chosen, whatever the page", async () => {
    const records = recordsOf(await (await ask("format=csv&fromNs=shop&toNs=edge&limit=1&row=1")).text());
    expect(records).toEqual([
      ["from \\ to", "edge/cart-0", "edge/proxy-0"],
      ["shop/cart-0", "reachable", "reachable"],
      ["shop/statefulset/web", "reachable", "reachable"],
    ]);
  });

  it("quotes what holds a comma", async () => {
    const text = await (await ask("format=csv&by=namespace")).text();
    expect(text).toContain('\r\nlab,2 of 2,0 of 0,"1 of 2, 1 unknown"\r\n');
    expect(recordsOf(text)).toContainEqual(["lab", "2 of 2", "0 of 0", "1 of 2, 1 unknown"]);
  });

  it("comes bit by bit, so that a large one is never held whole", async () => {
    const response = await ask("format=csv", "large");
    let chunks = 0;
    let lines = 0;
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      chunks++;
      lines += decoder.decode(chunk, { stream: true }).split("\r\n").length - 1;
    }
    expect(chunks).toBeGreaterThan(1);
    expect(lines).toBe(1201);
  });

  it("ends where whoever asked has gone", async () => {
    const gone = new AbortController();
    const request = new Request(`http://localhost${path("format=csv", "large")}`, { signal: gone.signal });
    const reader = (await answerReachability(request, "large")).body?.getReader();
    await reader?.read();
    gone.abort();
    let bytes = 0;
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
      bytes += next.value.length;
    const whole = (await (await ask("format=csv", "large")).text()).length;
    expect(bytes).toBeLessThan(whole / 2);
  });
});

describe("a query that is not understood", () => {
  it.each([
    ["by=pod", "by may be workload or namespace"],
    ["limit=0", "limit is at least 1"],
    ["limit=501", "limit is at most 500"],
    ["limit=1.5", "limit is a whole number"],
    ["limit=many", "limit is a whole number"],
    ["row=-1", "row is 0 or more"],
    ["column=x", "column is a whole number"],
    ["format=xml", "format may be csv"],
    [`match=${"a".repeat(201)}`, "match is too long"],
    ["by=pod&limit=0", "by may be workload or namespace; limit is at least 1"],
  ])("is answered in words: %s", async (query, detail) => {
    expect(await problemOf(await ask(query))).toMatchObject({
      type: "/problems/malformed-query",
      status: 400,
      detail,
      instance: "/api/v1/clusters/small/reachability",
    });
  });
});
