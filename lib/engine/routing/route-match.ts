import type { RouteMatch } from "#lib/model/objects.ts";
import { listed } from "../object-words.ts";
import { isUnder, matchesPattern } from "./http-path.ts";
import { isGrpc } from "./http-scheme.ts";
import type { HttpRequest } from "./http-way.ts";

/** What a match of a rule says of a request that has no headers. */
export type Matching =
  | { readonly kind: "yes" }
  /** By a regular expression, whose dialect the API leaves to the implementation; `tried` as JavaScript reads it. */
  | { readonly kind: "pattern"; readonly tried: boolean }
  /** All but for the headers that it asks for. */
  | { readonly kind: "headers" }
  /** `onPath`: the path is right, and the method or the query is not. */
  | { readonly kind: "no"; readonly onPath: boolean };

type Outcome = "yes" | "no" | "pattern" | "untried";

/**
 * All of a match's conditions must hold (HTTPRouteMatch: "ANDed together"); which of a rule's matches it is does not
 * matter. An undefined match takes everything.
 */
export function matchRequest(match: RouteMatch | undefined, request: HttpRequest): Matching {
  if (match === undefined) return { kind: "yes" };
  const path = matchPath(match.path, request.path);
  if (path === "no") return { kind: "no", onPath: false };
  const query = matchQuery(match.query, request.query);
  if (query.includes("no") || !matchesMethod(match.method, request)) return { kind: "no", onPath: true };
  if (match.headers.length > 0) return { kind: "headers" };
  const outcomes = [path, ...query];
  if (outcomes.includes("untried")) return { kind: "pattern", tried: false };
  return outcomes.includes("pattern") ? { kind: "pattern", tried: true } : { kind: "yes" };
}

/** "PathPrefix /cart for POST with header x: y"; "every request" where there is nothing to match. */
export function matchInWords(match: RouteMatch | undefined): string {
  if (match === undefined) return "every connection";
  const { path, method, headers, query } = match;
  const where = path === undefined ? "every path" : `${path.type} ${path.value}`;
  const conditions = [
    ...headers.map(({ name, value }) => `header ${name}: ${value}`),
    ...query.map(({ name, value }) => `?${name}=${value}`),
  ];
  const asked = method === undefined ? "" : ` for ${method}`;
  return `${where}${asked}${conditions.length === 0 ? "" : ` with ${listed(conditions)}`}`;
}

/**
 * A GRPCRoute that names a method of every service is read as the expression for that; it needs no dialect to be
 * understood.
 */
export function isPattern(path: RouteMatch["path"]): boolean {
  return (
    path !== undefined && path.type !== "Exact" && path.type !== "PathPrefix" && !isAnyService(path.value)
  );
}

function isAnyService(pattern: string): boolean {
  return /^\/\[\^\/\]\+\/\w+$/.test(pattern);
}

function matchPath(path: RouteMatch["path"], asked: string): Outcome {
  switch (path?.type) {
    case undefined:
      return "yes";
    case "Exact":
      return asked === path?.value ? "yes" : "no";
    case "PathPrefix":
      return isUnder(asked, path?.value ?? "/") ? "yes" : "no";
    case "RegularExpression":
      return matchText(asked, path);
    default:
      return "untried";
  }
}

function matchText(
  text: string,
  pattern: { readonly type: string; readonly value: string } | undefined,
): Outcome {
  if (pattern === undefined) return "yes";
  const matches = matchesPattern(text, pattern.value);
  if (matches === undefined) return "untried";
  if (!matches) return "no";
  return isPattern(pattern) ? "pattern" : "yes";
}

function matchesMethod(method: string | undefined, request: HttpRequest): boolean {
  // A gRPC call is an HTTP/2 POST.
  return method === undefined || method === (isGrpc(request.scheme) ? "POST" : request.method.toUpperCase());
}

/** Of several entries with one name, "only the first entry […] MUST be considered" (HTTPQueryParamMatch.name). */
function matchQuery(query: RouteMatch["query"], asked: string): readonly Outcome[] {
  const given = new URLSearchParams(asked);
  const first = query.filter(({ name }, i) => query.findIndex((other) => other.name === name) === i);
  return first.map((entry) => {
    const value = given.get(entry.name);
    if (value === null) return "no";
    if (entry.type === "Exact") return value === entry.value ? "yes" : "no";
    return entry.type === "RegularExpression" ? matchValue(value, entry.value) : "untried";
  });
}

function matchValue(value: string, pattern: string): Outcome {
  const matches = matchesPattern(value, pattern);
  return matches === undefined ? "untried" : matches ? "pattern" : "no";
}
