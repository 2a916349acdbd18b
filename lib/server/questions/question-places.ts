import { EVENT_ID, type Event, parseEvents } from "js-yaml";

/** Where one item of a list stands; lines count from 1. An item that is empty takes the line before it. */
export interface QuestionPlace {
  readonly line: number;
  /** The line of each of its fields, as far as they stand in the item itself and not in an alias. */
  readonly fields: ReadonlyMap<string, number>;
}

/**
 * Where the items of a YAML document that is a list stand. js-yaml's values carry no lines, its events do. The text
 * must be one that parses; `firstLine` is that of its first character in the file.
 */
export function questionPlaces(text: string, firstLine: number): readonly QuestionPlace[] {
  const lineAt = lineCounter(text, firstLine);
  const places: { readonly line: number; readonly fields: Map<string, number> }[] = [];
  // The document and its list are the outermost two; a question's fields stand within the third.
  let depth = 0;
  let fieldParts = 0;
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) {
      depth--;
      if (depth === 3) fieldParts++;
      continue;
    }
    if (depth === 2) {
      places.push({ line: lineAt(startOf(event)), fields: new Map() });
      fieldParts = 0;
    } else if (depth === 3 && event.type === EVENT_ID.SCALAR && fieldParts % 2 === 0) {
      places.at(-1)?.fields.set(text.slice(event.valueStart, event.valueEnd), lineAt(event.valueStart));
    }
    if (event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS) {
      if (depth === 3) fieldParts++;
    } else depth++;
  }
  return places;
}

/** Where a node begins in the text. */
export function startOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start;
    default:
      return 0;
  }
}

/** Line numbers for growing positions, so that each line is counted once. */
export function lineCounter(text: string, firstLine: number): (at: number) => number {
  let line = firstLine;
  let lineEnd = text.indexOf("\n");
  return (at) => {
    while (lineEnd !== -1 && lineEnd < at) {
      line++;
      lineEnd = text.indexOf("\n", lineEnd + 1);
    }
    return line;
  };
}
