import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { allKinds, kinds, type PluralKind } from "#lib/model/kinds.ts";

/** "deployment/web", "statefulset/db": as kubectl takes it. */
export function objectInWords(id: ObjectId): string {
  const { kind, name } = refOf(id);
  return `${kind.replaceAll("-", "")}/${name}`;
}

/** "Ingresses", "HTTPRoutes", "NetworkPolicies". */
export function pluralInWords(plural: PluralKind): string {
  const api = allKinds.map((kind) => kinds[kind]).find((each) => each.plural === plural)?.api ?? plural;
  if (api.endsWith("y")) return `${api.slice(0, -1)}ies`;
  return api.endsWith("s") ? `${api}es` : `${api}s`;
}

/** "1 pod", "3 pods". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** "a", "a or b", "a, b or c". */
export function listedOr(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}

/** "a, b and c" again, with at most `limit` words: "a, b and 7 more". */
export function listedUpTo(words: readonly string[], limit: number): string {
  return words.length <= limit
    ? listed(words)
    : listed([...words.slice(0, limit), `${words.length - limit} more`]);
}

/** One line of at most `limit` characters without a full stop, for messages that come from elsewhere. */
export function oneLine(text: string, limit = 200): string {
  const line = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
