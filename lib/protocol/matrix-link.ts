/** The grammar of the matrix's link: `/matrix?by=workload&fromNs=shop&toNs=payments&match=api`. */
import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";

export const matrixParsers = {
  cluster: parseAsString,
  /** Absent: workloads where they fit on a screen, else namespaces. */
  by: parseAsStringLiteral(["workload", "namespace"]),
  /** Only rows, and only columns, of these namespaces. */
  fromNs: parseAsArrayOf(parseAsString).withDefault([]),
  toNs: parseAsArrayOf(parseAsString).withDefault([]),
  /** Only workloads whose namespace/name holds this. */
  match: parseAsString.withDefault(""),
  /** The first row and column of the page. */
  row: parseAsInteger.withDefault(0),
  column: parseAsInteger.withDefault(0),
};

export type MatrixLink = inferParserType<typeof matrixParsers>;

export const loadMatrixLink = createLoader(matrixParsers);

const serialize = createSerializer(matrixParsers);

export function matrixLinkTo(link: Partial<MatrixLink>): string {
  return serialize("/matrix", link);
}

/** Rows and columns of one page. */
export const matrixPage = 500;

/** The part that the API takes. */
export function matrixQueryOf(
  { fromNs, toNs, match, row, column }: MatrixLink,
  by: "workload" | "namespace",
): Readonly<Record<string, string>> {
  if (by === "namespace") return { by };
  return {
    by,
    ...(fromNs.length === 0 ? {} : { fromNs: fromNs.join(",") }),
    ...(toNs.length === 0 ? {} : { toNs: toNs.join(",") }),
    ...(match === "" ? {} : { match }),
    ...(row === 0 ? {} : { row: String(row) }),
    ...(column === 0 ? {} : { column: String(column) }),
    limit: String(matrixPage),
  };
}
