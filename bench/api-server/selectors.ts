/** What a request's selectors ask of an object, as far as Throughline's requests use them: equality, joined by commas. */
export type Matches = (object: unknown) => boolean;

/** Undefined: everything is asked for, so that no object has to be parsed. */
export function matchesOf(query: URLSearchParams): Matches | undefined {
  const fields = termsOf(query.get("fieldSelector"));
  const labels = termsOf(query.get("labelSelector"));
  if (fields.length === 0 && labels.length === 0) return undefined;
  return (object) =>
    fields.every(([path, value]) => at(object, path.split(".")) === value) &&
    labels.every(([key, value]) => at(object, ["metadata", "labels", key]) === value);
}

function termsOf(selector: string | null): ReadonlyArray<readonly [string, string]> {
  if (selector === null || selector === "") return [];
  return selector.split(",").map((term) => {
    const [, key, value] = /^([^=!]+)==?(.*)$/.exec(term) ?? [];
    if (key === undefined || value === undefined) throw new RangeError(`selector ${term} is not understood`);
    return [key, value] as const;
  });
}

function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.entries(found).find(([key]) => key === name)?.[1];
  }
  return found;
}
