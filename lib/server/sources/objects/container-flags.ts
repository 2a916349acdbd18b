import { keptFlags, type Labels } from "#lib/model/objects.ts";
import { intern } from "./string-pool.ts";

/**
 * The flags that the model reads, from a container's command and arguments; undefined where none of them is given.
 * `--flag value` and `-flag=value` are read as `--flag=value`; a flag without a value is `true`, and the last one counts.
 */
export function flagsOf(words: readonly string[]): Labels | undefined {
  const flags: Record<string, string> = {};
  for (const [i, word] of words.entries()) {
    const [, spelled = "", value] = /^--?([\w.-]+)(?:=(.*))?$/s.exec(word) ?? [];
    // Traefik takes its flags in any case.
    const name = spelled.toLowerCase();
    if (!keptFlags.includes(name)) continue;
    const next = words[i + 1];
    flags[name] = intern(value ?? (next === undefined || next.startsWith("-") ? "true" : next));
  }
  return Object.keys(flags).length === 0 ? undefined : flags;
}
