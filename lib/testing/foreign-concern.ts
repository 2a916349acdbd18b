/** For tests only: whom a policy of a foreign kind may concern, in words that fit into a table. */
import { load } from "js-yaml";
import { selectorInWords } from "#lib/engine/selector.ts";
import type { ForeignPolicy } from "#lib/model/objects.ts";
import { readObject } from "#lib/server/sources/objects/read-object.ts";

/** The policy that the YAML holds. */
export function foreignPolicyFromYaml(yaml: string): ForeignPolicy {
  const outcome = readObject(load(yaml), { file: "test.yaml", line: 1 });
  if (outcome.kind !== "object" || !("effect" in outcome.object)) throw new Error(JSON.stringify(outcome));
  return outcome.object;
}

/** "app=web of env=prod": pods, then namespaces. "anyone": not read in full. */
export function whom({ subject }: ForeignPolicy): string {
  if (subject === undefined) return "anyone";
  const pods = selectorInWords(subject.podSelector) || "every pod";
  if (subject.namespaceSelector === undefined) return pods;
  return `${pods} of ${selectorInWords(subject.namespaceSelector) || "every namespace"}`;
}
