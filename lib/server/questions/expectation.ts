import { z } from "zod";
import { nearestOf } from "#lib/engine/near-words.ts";
import { listed } from "#lib/engine/object-words.ts";
import { parseQuestion, type Question } from "#lib/engine/trace/question.ts";
import { didYouMean } from "#lib/engine/trace/resolve-end.ts";
import type { QuestionProblem, Verdict } from "#lib/model/trace.ts";

/** A question with the verdict that its author expects. */
export interface Expectation {
  /** As its author wrote it. */
  readonly from: string;
  readonly to: string;
  /** As written; undefined: any port that the target serves. */
  readonly port: number | string | undefined;
  readonly question: Question;
  readonly expect: Verdict;
}

/** What is wrong with a question; `field` is undefined where it is the question as a whole, or a field that is missing. */
export interface ExpectationFault {
  readonly field: string | undefined;
  readonly why: string;
}

export type ExpectationReading =
  | { readonly kind: "expectation"; readonly expectation: Expectation }
  | { readonly kind: "faulty"; readonly faults: readonly ExpectationFault[] };

const verdicts = ["reachable", "blocked", "depends", "unknown"] as const satisfies readonly Verdict[];
const verdictsInWords = "reachable, blocked, depends or unknown";

const shape = z.strictObject({
  from: z.string(),
  to: z.string(),
  port: z.union([z.number(), z.string().trim().min(1)]).optional(),
  protocol: z.string().trim().min(1).optional(),
  expect: z.enum(verdicts),
});
const fields = Object.keys(shape.shape);

/** Reads one question of a file. All that is wrong with its fields is told, and then the first of what they ask. */
export function readExpectation(value: unknown): ExpectationReading {
  const parsed = shape.safeParse(value, { reportInput: true });
  if (!parsed.success) return { kind: "faulty", faults: parsed.error.issues.flatMap(faultsOf) };
  const { from, to, port, protocol, expect } = parsed.data;
  const question = parseQuestion({ from, to, port, protocol });
  if (question.kind === "problem") return { kind: "faulty", faults: [faultOfQuestion(question.problem)] };
  return {
    kind: "expectation",
    expectation: { from: from.trim(), to: to.trim(), port, question: question.value, expect },
  };
}

/** A question that cannot be asked, told as a fault of its file: "to: there is no Service card in shop; did you mean …?". */
export function faultOfQuestion({ field, sentence, nearest }: QuestionProblem): ExpectationFault {
  return { field, why: `${field}: ${sentence}${didYouMean(nearest)}` };
}

function faultsOf(issue: z.core.$ZodIssue): readonly ExpectationFault[] {
  const [key] = issue.path;
  if (issue.code === "unrecognized_keys") return issue.keys.map(unknownField);
  if (key === undefined) {
    const why = `this is ${kindOf(issue.input)}, and a question is a mapping: from, to, expect, and port and protocol where they matter`;
    return [{ field: undefined, why }];
  }
  const field = String(key);
  return issue.input === undefined
    ? [{ field: undefined, why: `${field} is missing; it takes ${taken(field)}` }]
    : [{ field, why: whyOf(field, issue.input) }];
}

function unknownField(key: string): ExpectationFault {
  const near = nearestOf(key.toLowerCase(), fields);
  const help = near === undefined ? `; a question has ${listed(fields)}` : didYouMean([near]);
  return { field: key, why: `${key} is no field of a question${help}` };
}

function whyOf(field: string, input: unknown): string {
  const empty = input === null || (typeof input === "string" && input.trim() === "");
  if (empty && field === "port") return "port is empty; leave it out for any port that the target serves";
  if (empty && field === "protocol") return "protocol is empty; leave it out for TCP";
  if (empty) return `${field} is empty; it takes ${taken(field)}`;
  if (field !== "expect" || typeof input !== "string")
    return `${field} is ${kindOf(input)}; it takes ${taken(field)}`;
  return `expect: ${input.slice(0, 60)} is no verdict; it takes ${verdictsInWords}${didYouMean(nearVerdict(input))}`;
}

function nearVerdict(input: string): readonly string[] {
  const near = nearestOf(input.trim().toLowerCase(), verdicts);
  return near === undefined ? [] : [near];
}

function taken(field: string): string {
  switch (field) {
    case "from":
      return "namespace/kind/name, namespace/name (a pod), an IP, a CIDR or internet";
    case "to":
      return "what from takes, a Service, a DNS name or a URL";
    case "port":
      return "a number or a port's name";
    case "protocol":
      return "TCP, UDP or SCTP";
    default:
      return verdictsInWords;
  }
}

function kindOf(input: unknown): string {
  if (input === null || input === undefined) return "nothing";
  if (Array.isArray(input)) return "a list";
  switch (typeof input) {
    case "string":
      return "a text";
    case "number":
      return `the number ${input}`;
    case "boolean":
      return String(input);
    default:
      return "a mapping";
  }
}
