import { EVENT_ID, parseEvents } from "js-yaml";
import { lineCounter, startOf } from "../questions/question-places.ts";

type Key = string | number;

/**
 * The line of each key and item of a YAML document, which must be one that parses: js-yaml's values carry no lines, its
 * events do. A path that is not there has the line of the nearest one above it.
 */
export function yamlLines(text: string): (path: readonly PropertyKey[]) => number {
  const lineAt = lineCounter(text, 1);
  const lines = new Map<string, number>();
  const stack: Open[] = [];
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) {
      stack.pop();
      continue;
    }
    const above = stack.at(-1);
    const isKey = above?.kind === "mapping" && above.key === undefined;
    if (isKey && event.type === EVENT_ID.SCALAR) {
      above.key = text.slice(event.valueStart, event.valueEnd);
      lines.set(named([...above.path, above.key]), lineAt(event.valueStart));
      continue;
    }
    const path = above === undefined ? [] : [...above.path, ...keyOf(above)];
    if (above?.kind === "sequence") lines.set(named(path), lineAt(startOf(event)));
    if (event.type === EVENT_ID.MAPPING) stack.push({ kind: "mapping", path, key: undefined });
    else if (event.type === EVENT_ID.SEQUENCE) stack.push({ kind: "sequence", path, next: 0 });
    else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS)
      stack.push({ kind: "document", path });
  }
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const line = lines.get(named(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  };
}

type Open =
  | { readonly kind: "document"; readonly path: readonly Key[] }
  /** `key` is the one whose value comes next. */
  | { readonly kind: "mapping"; readonly path: readonly Key[]; key: string | undefined }
  | { readonly kind: "sequence"; readonly path: readonly Key[]; next: number };

/** The place of the value that comes now; moves on to the next one. */
function keyOf(open: Open): readonly Key[] {
  switch (open.kind) {
    case "document":
      return [];
    case "sequence":
      return [open.next++];
    case "mapping": {
      const { key } = open;
      open.key = undefined;
      return key === undefined ? [] : [key];
    }
  }
}

function named(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}
