/** The grammar of the findings page's link: what is shown, in what order, and which one is open. */
import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";

export const groupings = ["cause", "namespace", "kind", "code"] as const;

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
  limit: parseAsInteger.withDefault(100),
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
