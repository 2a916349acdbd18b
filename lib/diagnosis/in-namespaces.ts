import type { Facts } from "#lib/engine/facts.ts";
import type { Finding } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import { narrowed } from "./causes.ts";
import { hangingOn } from "./hanging-on.ts";
import type { CheckResults } from "./run-checks.ts";

/**
 * What concerns these namespaces: findings about an object in them or touching one, and what those follow from,
 * wherever it is. What cannot be told stays: it may well be about them.
 */
export function inNamespaces(
  results: CheckResults,
  facts: Facts,
  namespaces: ReadonlySet<string>,
): CheckResults {
  const wanted = ({ subject, touches }: Finding) =>
    [subject, ...touches].some((id) => {
      const { kind, namespace, name } = refOf(id);
      return namespaces.has(kind === "namespace" ? name : (namespace ?? ""));
    });
  const { affected } = hangingOn(facts);
  const problems = results.problems.flatMap((problem) => narrowed(problem, wanted, affected) ?? []);
  const kept = new Set(
    problems.flatMap(({ root, consequences }) => [root, ...consequences.map(({ finding }) => finding)]),
  );
  return {
    ...results,
    findings: results.findings.filter((finding) => kept.has(finding)),
    problems,
    ignored: results.ignored.filter(({ finding }) => wanted(finding)),
  };
}
