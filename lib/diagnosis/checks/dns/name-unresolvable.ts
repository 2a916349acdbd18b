import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { UnresolvedName } from "#lib/engine/routing/unresolved-names.ts";
import { refOf } from "#lib/model/ids.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

export const dnsNameUnresolvable = defineCheck({
  id: "dns/name-unresolvable",
  code: "NET-604",
  severity: "info",
  summary: "An environment variable or ExternalName names a Service or namespace that does not exist",
  inputs: ["services"],
  ifRead: ["pods", "namespaces", "configMaps", "endpointSlices", ...workloadPlurals],
  *find({ unresolvedNames, origin, unread }) {
    for (const kind of ["pods", ...workloadPlurals] as const) if (unread.includes(kind)) yield unjudged(kind);
    for (const each of unresolvedNames()) {
      if (each.kind === "unresolved") yield found(each);
      else if (origin !== "manifests")
        yield unjudged("services", "namespaces", "configMaps", "endpointSlices");
      else
        for (const { sentence } of each.doubts)
          yield { unjudged: ["services"], why: `${capital(sentence)}.` };
    }
  },
});

function found({ object, name, sentence, nearMiss, variables }: UnresolvedName): Found {
  const [service = "", namespace = ""] = name.split(".");
  const names = listedUpTo([...new Set(variables.map(({ variable }) => variable))], 3);
  const [first] = variables;
  return {
    subject: object,
    part: first === undefined ? "spec.externalName" : variablePath(object, first),
    message:
      first === undefined
        ? `${refOf(object).name} is an alias of ${name}: ${sentence}`
        : `${names} of ${objectInWords(object)} ${variables.length === 1 ? "names" : "name"} ${name}: ${sentence}`,
    evidence:
      first === undefined
        ? [{ object, path: "spec.externalName", value: name }]
        : variables.map((each) => ({ object, path: variablePath(object, each), value: name })),
    nearMiss,
    fix: {
      text:
        first === undefined
          ? "Correct spec.externalName, or delete the alias"
          : `Correct ${names}, or create what it names`,
    },
    kubectl: kubectl(namespace === "" ? undefined : namespace, "get", "service", service),
  };
}

function variablePath(
  object: UnresolvedName["object"],
  { container, variable }: UnresolvedName["variables"][number],
): string {
  return `${podSpecPath(object)}.containers[${container}].env[${variable}]`;
}

function podSpecPath(object: UnresolvedName["object"]): string {
  switch (refOf(object).kind) {
    case "pod":
      return "spec";
    case "cron-job":
      return "spec.jobTemplate.spec.template.spec";
    default:
      return "spec.template.spec";
  }
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
