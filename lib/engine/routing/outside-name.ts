/** What a name's last label tells of where it belongs. The whole list of top-level domains is long and changes. */

/** Not likely the name of a namespace: the old generic ones, and those that private networks use (RFC 6761, RFC 6762, RFC 8375). */
const topLevel: ReadonlySet<string> = new Set([
  ...["com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "arpa"],
  ...["local", "localdomain", "lan", "home", "corp", "internal", "intranet", "private", "consul"],
  ...["test", "example", "invalid", "onion"],
]);

/** Common ones that a namespace may well be called: told apart only in names of three labels and more. */
const wordLike: ReadonlySet<string> = new Set([
  ...["app", "apps", "dev", "cloud", "online", "site", "store", "shop", "tech", "page", "run", "xyz"],
  ...["media", "network", "services", "systems", "tools", "team", "work", "world", "blog", "zone"],
]);

/** Whether a name's last label alone says that other servers know it. Two letters are a country's (ISO 3166). */
export function isOutsideByLastLabel(name: string): boolean {
  const labels = name.split(".");
  const last = labels.at(-1) ?? "";
  if (labels.length < 2) return false;
  return topLevel.has(last) || /^[a-z]{2}$/.test(last) || (labels.length > 2 && wordLike.has(last));
}
