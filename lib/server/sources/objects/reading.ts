import type { z } from "zod";
import type { Fault } from "#lib/model/objects.ts";
import { fieldPath } from "./field-path.ts";

/** What reading one object's body gives. `ignored`: the model needs nothing of it. */
export type Reading<T> =
  | { readonly kind: "object"; readonly object: T }
  | { readonly kind: "invalid"; readonly path: string; readonly why: string }
  | { readonly kind: "ignored" };

/** Checks a foreign object against its shape and builds the model's object from it; the first fault found is told. */
export function readShape<S extends z.ZodType, T>(
  shape: S,
  json: unknown,
  build: (body: z.infer<S>) => T,
): Reading<T> {
  const parsed = shape.safeParse(json, { reportInput: true });
  if (parsed.success) return { kind: "object", object: build(parsed.data) };
  const [fault] = faultsOf(parsed.error);
  if (fault === undefined) return { kind: "invalid", path: "", why: "is not as the API defines it" };
  return { kind: "invalid", ...fault };
}

/** Every fault that was found, in the order of the fields. The input must have been reported (`reportInput`). */
export function faultsOf(error: z.ZodError): readonly Fault[] {
  return error.issues.map((issue) => ({ path: fieldPath(issue.path), why: issueInWords(issue) }));
}

function issueInWords(issue: z.core.$ZodIssue): string {
  const input = issue.input;
  switch (issue.code) {
    case "invalid_type":
      if (input === undefined || input === null) return "is required";
      return wrongType(issue.expected, input);
    case "invalid_value":
      if (input === undefined || input === null) return "is required";
      if (typeof input !== "string") return wrongType("string", input);
      return `must be ${oneOf(issue.values.filter((value) => value !== ""))}, not ${shortened(input)}`;
    case "too_small":
    case "too_big":
      if (issue.origin === "string" || issue.origin === "array") return "must not be empty";
      return `is out of range: ${shortened(input)}`;
    case "invalid_union":
      if (input === undefined || input === null) return "is required";
      return "must be a whole number or a string";
    default:
      return issue.message;
  }
}

/** What a value of the wrong type should have been. Unquoted YAML (`version: 1.0`) is by far the usual reason. */
export function wrongType(expected: string, input: unknown): string {
  switch (expected) {
    case "string":
    case "record key":
      return typeof input === "number" || typeof input === "boolean" || typeof input === "bigint"
        ? "must be a string; quote it"
        : `must be a string, not ${typeInWords(input)}`;
    case "array":
      return `must be a list, not ${typeInWords(input)}`;
    case "object":
    case "record":
      return `must be a mapping, not ${typeInWords(input)}`;
    case "boolean":
      return `must be true or false, not ${typeInWords(input)}`;
    case "int":
    case "number":
      return typeof input === "string" ? "must be a number; remove the quotes" : "must be a whole number";
    default:
      return `must be ${expected}, not ${typeInWords(input)}`;
  }
}

function typeInWords(input: unknown): string {
  if (input === null || input === undefined) return "empty";
  if (Array.isArray(input)) return "a list";
  switch (typeof input) {
    case "object":
      return "a mapping";
    case "string":
      return "a string";
    case "number":
    case "bigint":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return "something else";
  }
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function shortened(input: unknown): string {
  const text = typeof input === "string" ? JSON.stringify(input) : String(input);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
