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
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import type { ViewQuery } from "#lib/model/graph.ts";
import { nodeKindSchema } from "./graph.ts";

/** Pan in CSS pixels and zoom, `at=120,-40,0.8`. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const zoomLimits = { min: 0.08, max: 2.5 } as const;

const parseAsViewport = createParser<Viewport>({
  parse(text) {
    const [x, y, zoom, ...more] = text.split(",").map(Number);
    if (x === undefined || y === undefined || zoom === undefined || more.length > 0) return null;
    if (![x, y, zoom].every(Number.isFinite) || Math.abs(x) > 1e7 || Math.abs(y) > 1e7) return null;
    if (zoom < zoomLimits.min || zoom > zoomLimits.max) return null;
    return { x, y, zoom };
  },
  serialize: ({ x, y, zoom }) => `${Math.round(x)},${Math.round(y)},${Number(zoom.toFixed(3))}`,
  eq: (a, b) =>
    Math.round(a.x) === Math.round(b.x) &&
    Math.round(a.y) === Math.round(b.y) &&
    Math.abs(a.zoom - b.zoom) < 0.0005,
});

const list = () => parseAsArrayOf(parseAsString).withDefault([]);

export const linkParsers = {
  /** A cluster's id; absent: the default one. */
  cluster: parseAsString,
  ns: list(),
  kind: parseAsArrayOf(parseAsStringLiteral(nodeKindSchema.options)).withDefault([]),
  label: list(),
  only: parseAsStringLiteral(["all", "broken"]).withDefault("all"),
  touch: parseAsString,
  /** Unfolded by hand. */
  open: list(),
  /** Folded by hand. */
  shut: list(),
  /** The object whose panel is open. */
  show: parseAsString,
  /** Which side list is open when no object is shown. */
  list: parseAsStringLiteral(["findings", "input"]),
  as: parseAsStringLiteral(["map", "table"]).withDefault("map"),
  at: parseAsViewport,
};

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
    show: link.show ?? undefined,
  };
}

/** The part of a link that the graph's HTTP address takes. */
export function graphQueryOf(link: LinkState): Partial<LinkState> {
  const { ns, kind, label, only, touch, open, shut, show } = link;
  return { ns, kind, label, only, touch, open, shut, show };
}

/** Parameters that a link names but that could not be understood, in words. */
export function linkProblems(
  params: Readonly<Record<string, string | readonly string[] | undefined>>,
): readonly string[] {
  return Object.entries(linkParsers).flatMap(([name, parser]) => {
    const raw = params[name];
    if (raw === undefined) return [];
    const text = typeof raw === "string" ? raw : (raw[0] ?? "");
    const parsed = parser.parse(text);
    const lost =
      parsed === null || (Array.isArray(parsed) && text !== "" && parsed.length < text.split(",").length);
    return lost ? [`the link's ${name}=${text.slice(0, 60)} is not understood and was left out`] : [];
  });
}
