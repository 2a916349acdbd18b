import type { IgnoreRule } from "#lib/diagnosis/ignoring.ts";
import { listed } from "#lib/engine/object-words.ts";
import type { Ignored } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { type Place, placeInWords } from "./places.ts";

/** Who says so, and why: "a sandbox, says .throughline.yaml:4 until 2026-12-31". */
export function ignoredBy({ by, reason }: Ignored, placeOf: (id: ObjectId) => Place | undefined): string {
  const why = reason === undefined ? "" : `${reason}, `;
  if (by.kind === "file") {
    const until = by.until === undefined ? "" : ` until ${by.until}`;
    return `${why}says ${by.file}:${by.line}${until}`;
  }
  const place = placeOf(by.object);
  return `${why}says the annotation of ${by.object}${place === undefined ? "" : `, ${placeInWords(place)}`}`;
}

/** "NET-105 in test-* (no load balancers there), says .throughline.yaml:4, until 2026-01-31". */
export function expiredRule({ checks, objects, namespaces, reason, file, line, until }: IgnoreRule): string {
  const what = [
    checks.length === 0 ? "all findings" : listed(checks),
    ...(objects.length === 0 ? [] : [`of ${listed(objects)}`]),
    ...(namespaces.length === 0 ? [] : [`in ${listed(namespaces)}`]),
  ];
  return `${what.join(" ")} (${reason}), says ${file}:${line}, until ${until}`;
}
