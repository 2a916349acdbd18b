import { z } from "zod";
import { fitsPattern, type IgnoreRule } from "#lib/diagnosis/ignoring.ts";
import { checks } from "#lib/diagnosis/registry.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { listed } from "#lib/engine/object-words.ts";
import { didYouMean } from "#lib/engine/trace/resolve-end.ts";
import { parseObjectId } from "#lib/model/ids.ts";
import { allKinds, kindFromWord } from "#lib/model/kinds.ts";
import { parseYaml } from "../sources/files/parse-yaml.ts";
import { yamlLines } from "./yaml-lines.ts";

/** What a `.throughline.yaml` says. */
export interface Config {
  readonly ignore: readonly IgnoreRule[];
}

export type ConfigReading =
  | { readonly kind: "config"; readonly config: Config }
  /** One sentence each, with file and line: ".throughline.yaml:4: until: 2026-13-01 is no day". */
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

export const noConfig: Config = { ignore: [] };

/** One word or a list of them. */
const words = z
  .union([z.string(), z.array(z.string())], "must be a text or a list of texts")
  .transform((given) => (typeof given === "string" ? [given] : given))
  .pipe(z.array(z.string().trim().min(1, "is empty")).min(1, { error: "is an empty list", abort: true }));

const ruleShape = z
  .strictObject({
    check: words.superRefine(each(checkFault)).default([]),
    object: words.superRefine(each(objectFault)).transform(spelledAlike).default([]),
    namespace: words.default([]),
    reason: z
      .string("is missing: say why, for whoever finds the rule later")
      .trim()
      .min(1, "is empty: say why"),
    until: z.iso.date("must be a day such as 2026-12-31").optional(),
  })
  .refine(
    ({ check, object, namespace }) => check.length + object.length + namespace.length > 0,
    "names no check, object or namespace, and would ignore everything",
  );

const shape = z.strictObject({ ignore: z.array(ruleShape, "must be a list of rules").default([]) });

const fields = { "": Object.keys(shape.shape), ignore: Object.keys(ruleShape.shape) };

/** Reads a configuration file's text. Never throws; all that is wrong with it is told at once. */
export function readConfig(text: string, file: string): ConfigReading {
  const parsed = parseYaml(text);
  if (parsed.kind === "empty") return { kind: "config", config: noConfig };
  if (parsed.kind === "invalid")
    return { kind: "invalid", problems: [`${file}:${parsed.line + 1}: ${parsed.why.replace(/\.$/, "")}`] };
  const lineOf = yamlLines(text);
  const result = shape.safeParse(parsed.value);
  if (!result.success) {
    const problems = result.error.issues.flatMap(faultsOf);
    return {
      kind: "invalid",
      problems: problems.map(({ path, why }) => `${file}:${lineOf(path)}: ${why}`),
    };
  }
  const ignore = result.data.ignore.map(
    ({ check, object, namespace, reason, until }, index): IgnoreRule => ({
      checks: check,
      objects: object,
      namespaces: namespace,
      reason,
      until,
      file,
      line: lineOf(["ignore", index]),
    }),
  );
  return { kind: "config", config: { ignore } };
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly why: string;
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const known = path.length === 0 ? fields[""] : fields.ignore;
    return issue.keys.map((key) => {
      const near = nearestOf(key.toLowerCase(), known);
      const help = near === undefined ? `; there is ${listed(known)}` : didYouMean([near]);
      return { path: [...path, key], why: `${key} is not known here${help}` };
    });
  }
  const name = path.findLast((key) => typeof key === "string" && key !== "ignore");
  if (path.length === 0) return [{ path, why: "it must be a mapping with ignore, a list of rules" }];
  if (name === undefined && issue.code === "invalid_type" && path.length === 2)
    return [{ path, why: `a rule is a mapping: ${listed(fields.ignore)}` }];
  const subject = name === undefined ? (path.length === 1 ? "ignore" : "the rule") : String(name);
  return [{ path, why: `${subject} ${issue.message}` }];
}

/** Adds what a list's words are at fault of. */
function each(faultOf: (word: string) => string | undefined) {
  return (list: readonly string[], context: z.RefinementCtx) => {
    for (const [index, word] of list.entries()) {
      const fault = faultOf(word);
      if (fault !== undefined)
        context.addIssue({ code: "custom", path: list.length === 1 ? [] : [index], message: fault });
    }
  };
}

function checkFault(word: string): string | undefined {
  const known = checks.flatMap(({ code, id }) => [code, id]);
  if (known.some((name) => fitsPattern(word, name))) return undefined;
  const near = nearestOf(word, known);
  return `names ${word}, and there is no such check${didYouMean(near === undefined ? [] : [near])}`;
}

function objectFault(word: string): string | undefined {
  const [kind = "", ...rest] = word.split("/");
  if (word.includes("*") && (kind.includes("*") || kindFromWord(kind) !== undefined) && rest.length > 0)
    return undefined;
  if (kind === "*" && rest.length === 0) return undefined;
  if (parseObjectId(word) !== undefined) return undefined;
  if (kindFromWord(kind) === undefined && !kind.includes("*")) {
    const near = nearestOf(kind, allKinds);
    return `names ${word}, and ${kind} is no kind${didYouMean(near === undefined ? [] : [near])}`;
  }
  return `names ${word}, which must be kind/namespace/name, or kind/name for kinds without namespaces`;
}

/** Kinds in any spelling, as ids spell them. */
function spelledAlike(list: readonly string[]): readonly string[] {
  return list.map((word) => {
    const [kind = "", ...rest] = word.split("/");
    return [kindFromWord(kind) ?? kind, ...rest].join("/");
  });
}
