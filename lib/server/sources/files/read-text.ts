import { asText } from "./as-text.ts";
import type { Found, ReadOptions } from "./found.ts";
import { looksLikeJson, readJson } from "./read-json.ts";
import { readYaml } from "./read-yaml.ts";
import { withoutLogs } from "./without-logs.ts";

export type TextReading =
  /** Each step parses little; whoever iterates may pause between steps. */
  | { readonly kind: "found"; readonly found: Iterable<Found> }
  | { readonly kind: "empty" }
  | { readonly kind: "not-text"; readonly why: string };

/** Reads a file of YAML or JSON, told apart by their contents. Never throws, whatever the bytes are. */
export function readText(file: Buffer, options: ReadOptions): TextReading {
  const text = asText(file);
  if (text.kind !== "text") return text;
  const bytes = withoutLogs(text.bytes);
  const found = looksLikeJson(bytes) ? readJson(bytes, options) : readYaml(bytes, options);
  // Folders hold much that is YAML or JSON and nothing of Kubernetes; that some of it does not parse concerns nobody.
  const kubernetes = options.assume !== undefined || bytes.includes("apiVersion");
  return { kind: "found", found: kubernetes ? found : withoutFaults(found) };
}

function* withoutFaults(found: Iterable<Found>): Iterable<Found> {
  for (const thing of found) {
    yield thing.kind === "lost" || thing.kind === "cut" || thing.kind === "too-large"
      ? { kind: "other" }
      : thing;
  }
}
