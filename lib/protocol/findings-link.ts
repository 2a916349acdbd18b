/** The grammar of the findings page's link: what is shown, in what order, and which one is open. */
import {
  createLoader,
  createParser,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";

import { type Params, problemsOf } from "./link.ts";

/** How many problems, or findings, a list shows before it is asked for more. */
export const listedAtFirst = 100;

export const groupings = ["cause", "namespace", "kind", "code"] as const;

const parseAsLimit = createParser<number>({
  parse: (text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : null),
  serialize: String,
});

const names = () => parseAsArrayOf(parseAsString).withDefault([]);

export const findingsParsers = {
  cluster: parseAsString,
  by: parseAsStringLiteral(groupings).withDefault("cause"),
  severity: parseAsArrayOf(parseAsStringLiteral(["error", "warning", "info"])).withDefault([]),
  ns: names(),
  /** Kinds of subjects, as ids spell them: `network-policy`. */
  kind: names(),
  code: names(),
  q: parseAsString.withDefault(""),
  /** How many are listed. */
  limit: parseAsLimit.withDefault(listedAtFirst),
  /** Key of the finding that is open. */
  open: parseAsString,
};

export type FindingsLink = inferParserType<typeof findingsParsers>;

export const loadFindingsLink = createLoader(findingsParsers);

const serialize = createSerializer(findingsParsers);

export function findingsLinkTo(link: Partial<FindingsLink>): string {
  return serialize("/findings", link);
}

/** The part that the API takes: `open` adds the finding itself, wherever in the list it stands. */
export function findingsQueryOf({ cluster: _, ...query }: Partial<FindingsLink>): string {
  return serialize("", query);
}

/** Parameters that are not understood, in words. */
export function findingsProblems(params: Params): readonly string[] {
  return problemsOf(findingsParsers, params);
}
