import type { IngressPath, RouteMatch } from "#lib/model/objects.ts";
import { matchesPattern, plainHead } from "./http-path.ts";

/** A host under a hostname: `any.example.com` for `*.example.com`; "" where there is no hostname. */
export function sampleHost(hostname: string | undefined): string {
  return (hostname ?? "").toLowerCase().replace(/^\*\./, "any.");
}

/** Paths that an Ingress path takes, the plainest first. */
export function ingressSamples({ path, pathType }: IngressPath): readonly string[] {
  if (pathType === "Exact") return [path];
  const plain = plainHead(path);
  return [plain, below(plain)];
}

/** What of a request a route's match decides. */
export interface MatchSample {
  readonly path: string;
  readonly query: string;
  readonly method: string;
}

/** Requests that a match takes, the plainest first; none where it asks for headers, which requests here have not. */
export function matchSamples(
  match: RouteMatch | undefined,
  kind: "calls" | "requests",
): readonly MatchSample[] {
  if (match === undefined) return [{ path: "/", query: "", method: "GET" }];
  if (match.headers.length > 0) return [];
  const query = new URLSearchParams(match.query.map(({ name, value }) => [name, value])).toString();
  const method = match.method ?? (kind === "calls" ? "POST" : "GET");
  return pathSamples(match.path, kind).map((path) => ({ path, query, method }));
}

function pathSamples(path: RouteMatch["path"], kind: "calls" | "requests"): readonly string[] {
  switch (path?.type) {
    case undefined:
      return ["/any.Service/Any"];
    case "Exact":
      return [path?.value ?? "/"];
    case "PathPrefix": {
      const prefix = path?.value ?? "/";
      // A call names a service and a method.
      return kind === "calls" ? [`${below(prefix)}`] : [prefix, below(prefix)];
    }
    default: {
      const sample = sampleOfPattern(path?.value ?? "");
      return matchesPattern(sample, path?.value ?? "") === true ? [sample] : [];
    }
  }
}

function below(prefix: string): string {
  return `${prefix.endsWith("/") ? prefix : `${prefix}/`}any`;
}

/** A guess that holds for the patterns that people write in paths: `/api/.*`, `/v[0-9]+/users`. */
function sampleOfPattern(pattern: string): string {
  return pattern
    .replaceAll(/^\^|\$$/g, "")
    .replaceAll(/(\[0-9\]|\\d)[*+]?/g, "1")
    .replaceAll(/(\[[^\]]+\]|\\w|\.)[*+]/g, "any")
    .replaceAll("\\", "");
}
