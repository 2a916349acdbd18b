import { CORE_SCHEMA, defineScalarTag, load, mergeTag, YAMLException } from "js-yaml";

export type Parsed =
  | { readonly kind: "value"; readonly value: unknown }
  /** Nothing but comments. */
  | { readonly kind: "empty" }
  /** `line` counts from 0 within the text. */
  | { readonly kind: "invalid"; readonly line: number; readonly why: string };

/** Alias nodes a document; nobody writes this many by hand. */
const maxAliases = 1_000;
/** Values that a document may stand for when its aliases are written out. */
const maxExpanded = 1_000_000;
const maxDepth = 200;

/**
 * YAML as Kubernetes means it: the core schema, in which a timestamp and `yes` are strings, plus merge keys.
 *
 * Strings are copied out: V8 makes a parsed string a slice of the whole text, so that a pod's name would keep all
 * nine kilobytes of the pod's YAML in memory for as long as the name lives.
 */
const schema = CORE_SCHEMA.withTags(
  mergeTag,
  defineScalarTag("tag:yaml.org,2002:str", {
    resolve: (source) => (source.length < slicedFrom ? source : copied(source)),
    identify: (data) => typeof data === "string",
  }),
  // Only ConfigMaps and Secrets carry binary data, and the model reads none of it.
  defineScalarTag("tag:yaml.org,2002:binary", { resolve: (source) => source, identify: () => false }),
);

/** V8 copies shorter ones anyway. */
const slicedFrom = 13;

/** Joining and cutting again makes V8 write the characters out; there is no plainer way to ask for it. */
function copied(text: string): string {
  return ` ${text}`.slice(1);
}

/** Parses one YAML document (or JSON, which is YAML). Never throws. */
export function parseYaml(text: string): Parsed {
  try {
    const value = load(text, { schema, maxAliases });
    if (text.includes("*") && expands(value)) {
      return {
        kind: "invalid",
        line: 0,
        why: "Its aliases (*name) expand to far more than any object holds.",
      };
    }
    return { kind: "value", value };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (error.reason.startsWith("expected a document")) return { kind: "empty" };
    return { kind: "invalid", line: error.mark?.line ?? 0, why: `It is no valid YAML: ${error.reason}.` };
  }
}

/** Whether the value, with its aliases written out, is too large or endless. */
function expands(value: unknown): boolean {
  let left = maxExpanded;
  const over = (part: unknown, depth: number): boolean => {
    if (--left < 0 || depth > maxDepth) return true;
    if (typeof part !== "object" || part === null) return false;
    return Object.values(part).some((child) => over(child, depth + 1));
  };
  return over(value, 0);
}
