/**
 * The grammar of a link: the whole view lives in the URL, short and readable, so that reload, back and a pasted
 * link give the same view. `/?ns=shop&show=service/shop/cart`. One grammar for pages, the graph's HTTP query and
 * every "copy link"; a malformed part falls back to its default, and `linkProblems` says which.
 */
import {
  createLoader,
  createParser,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsStringLiteral,
} from "nuqs/server";
import type { NodeId, ViewQuery } from "#lib/model/graph.ts";
import { objectId, parseObjectId } from "#lib/model/ids.ts";
import { nodeKindSchema } from "./graph.ts";

/** Pan in CSS pixels and zoom, `at=120,-40,0.8`. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const zoomLimits = { min: 0.08, max: 2.5 } as const;

/** Whether two viewports are one in a link, which rounds them; undefined is none. */
export function sameViewport(a: Viewport, b: Viewport | undefined): boolean {
  return (
    b !== undefined &&
    Math.round(a.x) === Math.round(b.x) &&
    Math.round(a.y) === Math.round(b.y) &&
    Math.abs(a.zoom - b.zoom) < 0.0005
  );
}

const viewportText = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/;

const parseAsViewport = createParser<Viewport>({
  parse(text) {
    const [x, y, zoom] = (viewportText.exec(text) ?? []).slice(1).map(Number);
    if (x === undefined || y === undefined || zoom === undefined) return null;
    if (Math.abs(x) > 1e7 || Math.abs(y) > 1e7) return null;
    if (zoom < zoomLimits.min || zoom > zoomLimits.max) return null;
    return { x, y, zoom };
  },
  serialize: ({ x, y, zoom }) => `${Math.round(x)},${Math.round(y)},${Number(zoom.toFixed(3))}`,
  eq: sameViewport,
});

/** A name that says nothing counts as not given. */
const parseAsName = createParser<string>({
  parse: (text) => (text === "" ? null : text),
  serialize: (name) => name,
});

/** A node of the map; people may spell kinds as kubectl does (`svc/shop/cart`), and all of them mean the same node. */
const parseAsNode = createParser<NodeId>({
  parse(text) {
    const ref = parseObjectId(text);
    return ref === undefined ? parseAsName.parse(text) : objectId(ref.kind, ref.namespace, ref.name);
  },
  serialize: (id) => id,
});

const names = () => parseAsArrayOf(parseAsName).withDefault([]);
const nodes = () => parseAsArrayOf(parseAsNode).withDefault([]);

export const linkParsers = {
  /** A cluster's id; absent: the default one. */
  cluster: parseAsName,
  ns: names(),
  kind: parseAsArrayOf(parseAsStringLiteral(nodeKindSchema.options)).withDefault([]),
  label: names(),
  only: parseAsStringLiteral(["all", "broken"]).withDefault("all"),
  touch: parseAsNode,
  /** Unfolded by hand. */
  open: nodes(),
  /** Folded by hand. */
  shut: nodes(),
  /** Drawn as they are, whatever else is folded. */
  pin: nodes(),
  /** The object whose panel is open. */
  show: parseAsNode,
  /** Which side list is open when no object is shown. */
  list: parseAsStringLiteral(["input"]),
  as: parseAsStringLiteral(["map", "table"]).withDefault("map"),
  at: parseAsViewport,
};

/** A page's search parameters. */
export type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

export type LinkState = inferParserType<typeof linkParsers>;

/** Parses a page's search parameters; what is malformed falls back to its default. */
export const loadLink = createLoader(linkParsers);
/** Writes a link: `linkTo("/", { show: "service/shop/cart" })`. */
export const linkTo = createSerializer(linkParsers);

/** What the graph is asked for, of all that a link says. */
export function viewQueryOf(link: LinkState): ViewQuery {
  return {
    namespaces: link.ns,
    kinds: link.kind,
    labels: link.label,
    only: link.only,
    touching: link.touch ?? undefined,
    unfolded: link.open,
    foldedAway: link.shut,
    pinned: link.pin,
    show: link.show ?? undefined,
  };
}

/** The part of a link that the graph's HTTP address takes. */
export function graphQueryOf(link: LinkState): Partial<LinkState> {
  const { ns, kind, label, only, touch, open, shut, pin, show } = link;
  return { ns, kind, label, only, touch, open, shut, pin, show };
}

/**
 * Parameters that a link names but that could not be understood, in words; an empty one is not given. Of one that is
 * given several times the first counts, as the loader has it.
 */
export function linkProblems(params: Params): readonly string[] {
  return problemsOf(linkParsers, params);
}

/** The same for any grammar. */
export function problemsOf(
  parsers: Readonly<Record<string, { readonly parse: (text: string) => unknown }>>,
  params: Params,
): readonly string[] {
  return Object.entries(parsers).flatMap(([name, parser]) => {
    // Of a link with a parameter `__proto__`, the framework gives what every list has under names like `at`.
    const given: readonly unknown[] = Object.hasOwn(params, name) ? [params[name]].flat() : [];
    const [text = "", ...again] = given.filter((each) => typeof each === "string");
    const problems: string[] = [];
    if (again.length > 0)
      problems.push(`the link gives ${name} ${again.length + 1} times; only the first counts`);
    if (text !== "" && isLost(parser.parse(text), text))
      problems.push(`the link's ${name}=${text.slice(0, 60)} is not understood and was left out`);
    return problems;
  });
}

/** Whether parsing dropped all of it, or an item of a list. */
function isLost(parsed: unknown, text: string): boolean {
  return parsed === null || (Array.isArray(parsed) && parsed.length < text.split(",").length);
}

/** A query's parameters, each with all of its values, as `linkProblems` and a page have them. */
export function paramsOf(query: URLSearchParams): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const [first = "", ...more] = query.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
