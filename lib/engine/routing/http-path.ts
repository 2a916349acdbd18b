import { nearestOf } from "../near-words.ts";
import { listedUpTo } from "../object-words.ts";

/**
 * Whether a path lies under a prefix, element by element and case by case: `/app` and `/app/` both cover `/app`,
 * `/app/` and `/app/x`, and never `/apple` (networking.k8s.io/v1, PathTypePrefix; the Gateway API's PathPrefix is
 * "semantically equivalent").
 */
export function isUnder(path: string, prefix: string): boolean {
  const stem = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path === stem || path.startsWith(`${stem}/`);
}

/**
 * Whether the whole path is matched by a pattern, read as JavaScript does. Undefined where that is not tried: it is no
 * expression of JavaScript's, or it could take very long (patterns come from the cluster, paths from whoever asks).
 */
export function matchesPattern(path: string, pattern: string): boolean | undefined {
  if (!isQuick(path, pattern)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`).test(path);
  } catch {
    return undefined;
  }
}

/** The same for what the path begins with, in any case: a pattern without an end. */
export function matchesStart(path: string, pattern: string): boolean | undefined {
  if (!isQuick(path, pattern)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})`, "i").test(path);
  } catch {
    return undefined;
  }
}

/** Repeated groups, and several repetitions in a row, are what makes matching go back and forth without end. */
function isQuick(text: string, pattern: string): boolean {
  const repeated = pattern.match(/[*+]|\{\d*,/g)?.length ?? 0;
  const optional = pattern.match(/(?<!\()\?/g)?.length ?? 0;
  return text.length <= 250 && repeated <= 3 && optional <= 5 && !/\)[*+{]/.test(pattern);
}

const meta = /[()[\]{}*|^\\]/;

/** `/api(/|$)(.*)`, `/static/*`: a path that nobody means as it is written. `/c++` may be just that. */
export function looksLikePattern(path: string): boolean {
  return meta.test(path);
}

/** What such a path begins with: `/api` of `/api(/|$)(.*)`. */
export function plainHead(pattern: string): string {
  const end = pattern.search(meta);
  return end < 0 ? pattern : pattern.slice(0, end) || "/";
}

/** What there is, for someone who asked a path that nothing takes: "the nearest path is /carts", "its paths are /a and /b". */
export function pathNearMiss(path: string, paths: readonly string[]): string | undefined {
  const distinct = [...new Set(paths)].sort();
  if (distinct.length === 0) return undefined;
  const nearest = nearestOf(path, distinct);
  if (nearest !== undefined) return `the nearest path is ${nearest}`;
  return `${distinct.length === 1 ? "its only path is" : "its paths are"} ${listedUpTo(distinct, 3)}`;
}
