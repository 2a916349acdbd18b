import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { dump } from "js-yaml";
import type { ApiObject } from "./cluster/api-object.ts";

/** `api-json` is how an API server answers: all on one line. The others are as kubectl prints. */
export type DumpFormat = "json" | "yaml" | "api-json";

export interface Dump {
  readonly path: string;
  readonly bytes: number;
  readonly objects: number;
}

/**
 * Writes objects as `kubectl get … -A -o json|yaml` prints them: one v1/List with sorted keys, JSON indented by four
 * spaces, YAML by two with lists that are not indented. Written piece by piece: a large list is no one string for V8.
 * `name` goes without its ending.
 */
export function writeDump(
  objects: Iterable<ApiObject>,
  folder: string,
  name: string,
  format: DumpFormat,
): Dump {
  const file = path.join(folder, `${name}.${format === "yaml" ? "yaml" : "json"}`);
  const out = writer(file);
  let count = 0;
  const { head, tail, between, item } = writers[format];
  out.add(head);
  for (const object of objects) {
    out.add(`${count === 0 ? "" : between}${item(sorted(object))}`);
    count++;
  }
  out.add(tail);
  return { path: file, bytes: out.end(), objects: count };
}

interface ListWriter {
  readonly head: string;
  readonly tail: string;
  readonly between: string;
  item(value: unknown): string;
}

const writers: Readonly<Record<DumpFormat, ListWriter>> = {
  json: {
    head: '{\n    "apiVersion": "v1",\n    "items": [\n',
    tail: '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
    between: ",\n",
    item: (value) => JSON.stringify(value, null, 4).replaceAll(/^/gm, "        "),
  },
  yaml: {
    head: "apiVersion: v1\nitems:\n",
    tail: 'kind: List\nmetadata:\n  resourceVersion: ""\n',
    between: "",
    item: (value) => dump([value], { noRefs: true, seqNoIndent: true, lineWidth: -1, quoteStyle: "double" }),
  },
  "api-json": {
    head: '{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"9100000"},"items":[',
    tail: "]}\n",
    between: ",",
    item: (value) => JSON.stringify(value),
  },
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

const flushAt = 4 * 1024 * 1024;

function writer(file: string): { add(text: string): void; end(): number } {
  const handle = openSync(file, "w");
  let pieces: string[] = [];
  let waiting = 0;
  let bytes = 0;
  const flush = () => {
    bytes += writeSync(handle, pieces.join(""));
    pieces = [];
    waiting = 0;
  };
  return {
    add(text) {
      pieces.push(text);
      waiting += text.length;
      if (waiting >= flushAt) flush();
    },
    end() {
      flush();
      closeSync(handle);
      return bytes;
    },
  };
}
