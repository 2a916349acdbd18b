import { asText } from "../sources/files/as-text.ts";
import { decode, type Span } from "../sources/files/bytes.ts";
import { parseYaml } from "../sources/files/parse-yaml.ts";
import { yamlDocuments } from "../sources/files/split-yaml.ts";
import { type YamlList, yamlList } from "../sources/files/split-yaml-list.ts";
import { type Expectation, type ExpectationFault, readExpectation } from "./expectation.ts";
import { type QuestionPlace, questionPlaces } from "./question-places.ts";

export interface PlacedExpectation extends Expectation {
  readonly file: string;
  readonly place: QuestionPlace;
}

/** Something in a file of questions that cannot be asked. */
export interface ExpectationProblem {
  readonly file: string;
  /** Counts from 1; undefined where it is the file as a whole. */
  readonly line?: number | undefined;
  /** One sentence without a full stop. */
  readonly why: string;
}

export interface Expectations {
  /** In the order of the file. */
  readonly expectations: readonly PlacedExpectation[];
  readonly problems: readonly ExpectationProblem[];
}

/**
 * Reads a file of questions: YAML or JSON, a list in each document. Never throws; a broken question or document loses
 * no other, and a file without any question is a problem itself, since a check of nothing would pass.
 */
export function readExpectations(bytes: Buffer, file: string): Expectations {
  const text = asText(bytes);
  const expectations: PlacedExpectation[] = [];
  const problems: ExpectationProblem[] = [];
  if (text.kind === "not-text") problems.push({ file, why: "it is no text, and questions are YAML or JSON" });
  if (text.kind === "text") {
    for (const document of yamlDocuments(text.bytes)) {
      if (document === "step") continue;
      for (const item of itemsOf(text.bytes, document)) {
        if (item.kind === "problem") {
          problems.push({ file, line: item.line, why: item.why });
          continue;
        }
        const { place } = item;
        const reading = readExpectation(item.value);
        if (reading.kind === "expectation") expectations.push({ ...reading.expectation, file, place });
        else problems.push(...reading.faults.map((fault) => placed(fault, file, place)));
      }
    }
  }
  if (expectations.length === 0 && problems.length === 0) {
    const why = "it holds no question; it takes a list of {from, to, port, protocol, expect}";
    problems.push({ file, why });
  }
  return { expectations, problems };
}

/** A question's fault with its line in the file. */
export function placed(
  { field, why }: ExpectationFault,
  file: string,
  { line, fields }: QuestionPlace,
): ExpectationProblem {
  return { file, line: (field === undefined ? undefined : fields.get(field)) ?? line, why };
}

type Item =
  | { readonly kind: "item"; readonly value: unknown; readonly place: QuestionPlace }
  | { readonly kind: "problem"; readonly line: number; readonly why: string };

function* itemsOf(bytes: Buffer, document: Span): Iterable<Item> {
  const text = decode(bytes, document);
  const parsed = parseYaml(text);
  switch (parsed.kind) {
    case "empty":
      return;
    case "value":
      if (Array.isArray(parsed.value)) yield* placedItems(parsed.value, text, document.line);
      else yield { kind: "problem", line: document.line, why: noList(parsed.value) };
      return;
    case "invalid": {
      const list = blockList(bytes, document);
      const problem = {
        kind: "problem",
        line: document.line + parsed.line,
        why: inWords(parsed.why),
      } as const;
      if (list === undefined || list.items.length < 2) yield problem;
      else yield* oneByOne(bytes, list, problem);
    }
  }
}

function* placedItems(values: readonly unknown[], text: string, firstLine: number): Iterable<Item> {
  const places = questionPlaces(text, firstLine);
  for (const [i, value] of values.entries())
    yield { kind: "item", value, place: places[i] ?? { line: firstLine, fields: new Map() } };
}

/** The items of a list that does not parse as a whole; without one that is broken by itself it is `problem`. */
function* oneByOne(bytes: Buffer, list: YamlList, problem: Item): Iterable<Item> {
  let broken = false;
  for (const span of list.items) {
    const text = decode(bytes, span);
    const parsed = parseYaml(text);
    if (parsed.kind === "value" && Array.isArray(parsed.value)) {
      yield* placedItems(parsed.value, text, span.line);
    } else if (parsed.kind === "invalid" && !parsed.why.includes("unidentified alias")) {
      // An item that leans on an anchor in another one is not to blame for that other one.
      broken = true;
      yield { kind: "problem", line: span.line + parsed.line, why: inWords(parsed.why) };
    }
  }
  if (!broken) yield problem;
}

function blockList(bytes: Buffer, document: Span): YamlList | undefined {
  const steps = yamlList(bytes, document);
  for (;;) {
    const step = steps.next();
    if (step.done !== true) continue;
    return step.value?.header === undefined ? step.value : undefined;
  }
}

/** The parser of sources speaks in sentences with a full stop. */
function inWords(why: string): string {
  return `${why.charAt(0).toLowerCase()}${why.slice(1).replace(/\.$/, "")}`;
}

function noList(value: unknown): string {
  const takes = "it takes a list of {from, to, port, protocol, expect}";
  if (typeof value !== "object" || value === null) return `this is no list of questions; ${takes}`;
  if ("apiVersion" in value && "kind" in value)
    return `this is a Kubernetes object (${String(value.kind)}), not a list of questions; manifests go behind --files`;
  return "from" in value && "to" in value
    ? 'this is a question outside of a list; put "- " before it'
    : `this is a mapping, not a list of questions; ${takes}`;
}
