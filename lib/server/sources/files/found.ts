/** What reading a file's text comes upon, in the order of the file. Lines count from 1. */
export type Found =
  /** One thing that may be an object; lists are taken apart already. */
  | { readonly kind: "object"; readonly value: unknown; readonly line: number; readonly templated: boolean }
  /** A list of one kind, so that the kind was read even where the list is empty. */
  | { readonly kind: "list"; readonly apiVersion: string; readonly itemKind: string }
  /** Something that could not be parsed. */
  | {
      readonly kind: "lost";
      readonly line: number;
      readonly why: string;
      /** As the API spells it, where the text still tells. */
      readonly apiKind: string | undefined;
      readonly templated: boolean;
    }
  /** The text ends before a list does. Undefined `itemKind`: objects of any kind may be missing. */
  | {
      readonly kind: "cut";
      readonly line: number;
      readonly why: string;
      readonly itemKind: string | undefined;
    }
  | { readonly kind: "too-large"; readonly line: number; readonly why: string }
  /** YAML or JSON that is no Kubernetes object. */
  | { readonly kind: "other" }
  /** Nothing yet: a step in walking a large file, at which whoever reads may pause. */
  | { readonly kind: "step" };

export const step: Found = { kind: "step" };

/** How far a walk goes in one step: a few milliseconds. */
export const stepBytes = 512 * 1024;

/** How a file is to be read. */
export interface ReadOptions {
  /** What objects without `apiVersion` and `kind` are, where the file's place in a bundle tells. */
  readonly assume?: TypeOfObject | undefined;
  /** The file is known to end early, so that its last piece may be incomplete. */
  readonly cut: boolean;
  readonly maxDocumentBytes: number;
}

export interface TypeOfObject {
  readonly apiVersion: string;
  readonly apiKind: string;
}

/** Templates are told from broken files by their braces. */
export function isTemplated(text: string): boolean {
  return text.includes("{{");
}

/** The first `kind:` of a piece that does not parse; in what Kubernetes' tools write, that is its own. */
export function guessKind(text: string): string | undefined {
  return /(?:^[\s-]*|[{,]\s*)"?kind"?:\s*"?([A-Z][A-Za-z]+)/m.exec(text)?.[1];
}
