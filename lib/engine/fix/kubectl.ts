import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { LabelSelector, Labels } from "#lib/model/objects.ts";
import { selectorInWords } from "../selector.ts";

/** A kubectl line that can be pasted into a POSIX shell. Without a namespace it is about a cluster-scoped kind. */
export function kubectl(namespace: string | undefined, ...words: readonly string[]): string {
  const scope = namespace === undefined ? [] : ["-n", namespace];
  return ["kubectl", ...scope, ...words].map(quoteForShell).join(" ");
}

/** `kubectl -n shop get service cart -o yaml`, whatever the kind. */
export function kubectlGet(object: ObjectId, output = "yaml"): string {
  const { kind, namespace, name } = refOf(object);
  return kubectl(namespace, "get", kinds[kind].api.toLowerCase(), name, "-o", output);
}

/** Labels as `-l` takes them: `app=cart,tier=web`. */
export function labelsArgument(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** A selector as `-l` takes it, without the spaces that are there for reading: `app=cart,env in (a,b)`. */
export function selectorArgument(selector: LabelSelector): string {
  return selectorInWords(selector).replaceAll(", ", ",");
}

/** Single quotes hold everything but a single quote, which is closed, escaped and opened again. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
