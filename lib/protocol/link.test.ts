import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeKindSchema } from "./graph.ts";
import {
  graphQueryOf,
  type LinkState,
  linkParsers,
  linkProblems,
  linkTo,
  loadLink,
  paramsOf,
  viewQueryOf,
  zoomLimits,
} from "./link.ts";

const empty: LinkState = loadLink({});

/** A page's search parameters, as a browser would send them. */
const queryOf = (link: string) => new URL(link, "http://x").searchParams;

/** Any text; names of Kubernetes never hold a percent sign, and a list's `%2C` stands for a comma. */
const text = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((t) => !t.includes("%") && t.isWellFormed());
const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const node = fc.oneof(
  fc
    .tuple(fc.constantFrom("service", "deployment", "http-route", "pod"), name, name)
    .map((parts) => parts.join("/")),
  fc.tuple(fc.constantFrom("namespace", "node"), name).map((parts) => parts.join("/")),
  fc.constant("internet"),
  fc.domain().map((host) => `external/${host}`),
  fc.tuple(name, name).map(([namespace, lane]) => `folded/${namespace}/${lane}`),
);
const coordinate = fc.integer({ min: -10_000_000, max: 10_000_000 });
const at = fc.record({
  x: coordinate,
  y: coordinate,
  zoom: fc.integer({ min: zoomLimits.min * 1000, max: zoomLimits.max * 1000 }).map((z) => z / 1000),
});
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const links: fc.Arbitrary<LinkState> = fc.record({
  cluster: orNull(text),
  ns: fc.array(text, { maxLength: 4 }),
  kind: fc.uniqueArray(fc.constantFrom(...nodeKindSchema.options), { maxLength: 4 }),
  label: fc.array(text, { maxLength: 4 }),
  only: fc.constantFrom("all", "broken"),
  touch: orNull(node),
  open: fc.array(node, { maxLength: 4 }),
  shut: fc.array(node, { maxLength: 4 }),
  pin: fc.array(node, { maxLength: 4 }),
  show: orNull(node),
  list: orNull(fc.constant("input" as const)),
  as: fc.constantFrom("map", "table"),
  at: orNull(at),
});

describe("a link", () => {
  it("reads back as it was written", () => {
    fc.assert(
      fc.property(links, (link) => {
        const query = queryOf(linkTo("/", link));
        expect(loadLink(query)).toEqual(link);
        expect(linkProblems(paramsOf(query))).toEqual([]);
      }),
    );
  });

  it("says nothing of what is as it is by default", () => {
    expect(linkTo("/", empty)).toBe("/");
    expect(empty).toEqual({
      cluster: null,
      ns: [],
      kind: [],
      label: [],
      only: "all",
      touch: null,
      open: [],
      shut: [],
      pin: [],
      show: null,
      list: null,
      as: "map",
      at: null,
    });
  });

  it.each<[Partial<LinkState>, string]>([
    [{ ns: ["shop"], show: "service/shop/cart" }, "/?ns=shop&show=service/shop/cart"],
    [{ ns: ["shop", "edge"], only: "broken" }, "/?ns=shop,edge&only=broken"],
    [{ label: ["app=cart", "tier"] }, "/?label=app=cart,tier"],
    [{ cluster: "arn:aws:eks:eu-1:1:cluster/prod" }, "/?cluster=arn:aws:eks:eu-1:1:cluster/prod"],
    [{ at: { x: 120.4, y: -40, zoom: 0.80049 } }, "/?at=120,-40,0.8"],
    [{ at: { x: -0.2, y: 0, zoom: 1 } }, "/?at=0,0,1"],
    [{ as: "table", list: "input" }, "/?list=input&as=table"],
    [{ open: ["namespace/shop", "deployment/shop/cart"] }, "/?open=namespace/shop,deployment/shop/cart"],
  ])("of %o can be read aloud: %s", (link, address) => {
    expect(linkTo("/", link)).toBe(address);
  });

  it.each([
    ["svc/shop/cart", "service/shop/cart"],
    ["Service/shop/cart", "service/shop/cart"],
    ["services/shop/cart", "service/shop/cart"],
    ["deploy/shop/cart", "deployment/shop/cart"],
    ["ns/shop", "namespace/shop"],
    ["NetworkPolicy/shop/deny", "network-policy/shop/deny"],
    ["external/db.example.com", "external/db.example.com"],
    ["service/shop", "service/shop"],
  ])("takes %s as %s", (spelled, id) => {
    const link = loadLink({ show: spelled, touch: spelled, open: spelled, shut: spelled });
    expect(link).toMatchObject({ show: id, touch: id, open: [id], shut: [id] });
  });
});

describe("what a link gets wrong", () => {
  it.each([
    ["only=some", "only=some", { only: "all" }],
    ["as=list", "as=list", { as: "map" }],
    ["list=all", "list=all", { list: null }],
    ["kind=pod,podd,service", "kind=pod,podd,service", { kind: ["pod", "service"] }],
    ["ns=a,,b", "ns=a,,b", { ns: ["a", "b"] }],
    ["at=1,2", "at=1,2", { at: null }],
    ["at=1,2,three", "at=1,2,three", { at: null }],
    ["at=1,2,1,4", "at=1,2,1,4", { at: null }],
    ["at=,,1", "at=,,1", { at: null }],
    ["at=0x10,1,1", "at=0x10,1,1", { at: null }],
    ["at=1,2,0.01", "at=1,2,0.01", { at: null }],
    ["at=1,2,3", "at=1,2,3", { at: null }],
    ["at=1,99999999,1", "at=1,99999999,1", { at: null }],
    ["at=NaN,1,1", "at=NaN,1,1", { at: null }],
  ])("%s falls back and is named", (query, named, expected) => {
    const params = paramsOf(new URLSearchParams(query));
    expect(loadLink(new URLSearchParams(query))).toEqual({ ...empty, ...expected });
    expect(linkProblems(params)).toEqual([`the link's ${named} is not understood and was left out`]);
  });

  it("is every part of it, each by name, and no more than a line of each", () => {
    const problems = linkProblems({ only: "some", as: `x${"y".repeat(500)}` });
    expect(problems).toHaveLength(2);
    expect(Math.max(...problems.map((problem) => problem.length))).toBeLessThan(120);
  });

  it.each(["ns", "show", "cluster", "touch", "open", "kind", "label", "only", "at"])(
    "is not an empty %s: that is as good as none",
    (parameter) => {
      const query = new URLSearchParams(`${parameter}=`);
      expect(loadLink(query)).toEqual(empty);
      expect(linkProblems(paramsOf(query))).toEqual([]);
    },
  );

  it("is a part given twice, of which the first counts", () => {
    const query = new URLSearchParams("ns=a&ns=b&show=service/a/b");
    expect(loadLink(query).ns).toEqual(["a"]);
    expect(linkProblems(paramsOf(query))).toEqual(["the link gives ns 2 times; only the first counts"]);
    expect(linkProblems({ ns: ["a", "b"] })).toHaveLength(1);
  });

  it("is not what it does not know: other people add parameters to links", () => {
    expect(linkProblems({ utm_source: "chat", q: "x" })).toEqual([]);
  });

  it("takes nothing that an object has by itself for a part of the link", () => {
    // As the framework makes them of `?__proto__=a&at=1,1,1`.
    const params = Object.assign(Object.create([{}, "a"]), { at: [[].at, "1,1,1"] });
    expect(linkProblems(params)).toEqual([]);
    expect(linkProblems(Object.create(["a"]))).toEqual([]);
  });

  it("never stops anyone, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(linkParsers), "other"), fc.string()),
        (params) => {
          const link = loadLink(params);
          expect(loadLink(queryOf(linkTo("/", link)))).toEqual(link);
          expect(linkProblems(params).length).toBeLessThanOrEqual(Object.keys(params).length);
        },
      ),
    );
  });
});

describe("what a link asks the graph", () => {
  it("is all that narrows or folds it, and neither viewport nor open lists", () => {
    const link: LinkState = {
      ...empty,
      cluster: "prod",
      ns: ["shop"],
      kind: ["service"],
      label: ["app"],
      only: "broken",
      touch: "internet",
      open: ["namespace/a"],
      shut: ["namespace/b"],
      show: "service/shop/cart",
      list: "input",
      as: "table",
      pin: ["service/shop/db"],
      at: { x: 1, y: 2, zoom: 1 },
    };
    expect(viewQueryOf(link)).toEqual({
      namespaces: ["shop"],
      kinds: ["service"],
      labels: ["app"],
      only: "broken",
      touching: "internet",
      unfolded: ["namespace/a"],
      foldedAway: ["namespace/b"],
      pinned: ["service/shop/db"],
      show: "service/shop/cart",
    });
    expect(Object.keys(graphQueryOf(link)).sort()).toEqual([
      "kind",
      "label",
      "ns",
      "only",
      "open",
      "pin",
      "show",
      "shut",
      "touch",
    ]);
    expect(viewQueryOf(loadLink(queryOf(linkTo("/", graphQueryOf(link)))))).toEqual(viewQueryOf(link));
  });

  it("is everything where it says nothing", () => {
    expect(viewQueryOf(empty)).toMatchObject({ namespaces: [], touching: undefined, show: undefined });
  });
});
