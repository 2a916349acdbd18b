import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchAnswerSchema } from "#lib/protocol/answers.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerSearch } from "./answer-search.ts";

beforeAll(async () => {
  serveSources(sourceOf("demo", await readDemo(), "demo"));
});
afterAll(() => serveRegistry(undefined));

const ask = (query: string, id = "demo") => answerSearch(get(`/api/v1/clusters/${id}/search${query}`), id);
const found = async (query: string) => jsonOf(await ask(query), searchAnswerSchema);

describe("the search", () => {
  it("finds a Service by name, with where it is on the map", async () => {
    const { query, hits, more } = await found("?q=shop%20search");
    expect(query).toBe("shop search");
    expect(hits[0]).toMatchObject({
      id: "service/shop/search",
      node: "service/shop/search",
      kind: "service",
      health: "partial",
    });
    expect(more).toBe(false);
  });

  it("gives no more than the limit and says that there are more", async () => {
    expect(await found("?q=shop&limit=3")).toMatchObject({ hits: { length: 3 }, more: true });
    expect((await found("?q=shop")).hits).toHaveLength(50);
    const all = await found("?q=orders-admin&limit=100");
    expect(all.more).toBe(false);
    expect(all.hits.length).toBeGreaterThan(1);
    expect(await found(`?q=orders-admin&limit=${all.hits.length}`)).toEqual(all);
    expect(await found(`?q=orders-admin&limit=${all.hits.length - 1}`)).toMatchObject({ more: true });
  });

  it.each(["", "?q=", "?q=%20%20", "?q=nothing-is-called-this"])(
    "finds nothing for %j, without a fault",
    async (query) => {
      expect(await found(query)).toMatchObject({ hits: [], more: false });
    },
  );

  it("looks at no more of a long query than a line", async () => {
    expect((await found(`?q=${"a".repeat(5_000)}`)).query).toHaveLength(200);
  });

  it.each(["0", "101", "-1", "1.5", "many", ""])("refuses limit=%s", async (limit) => {
    expect(await problemOf(await ask(`?q=x&limit=${limit}`))).toMatchObject({
      type: "/problems/malformed-query",
      status: 400,
      detail: "limit is a whole number from 1 to 100.",
    });
  });

  it("is 404 for a cluster that is not there", async () => {
    expect((await problemOf(await ask("?q=x", "nope"))).status).toBe(404);
  });
});
