import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { UnresolvedName } from "#lib/engine/routing/unresolved-names.ts";
import { capital } from "#lib/model/capital.ts";
import { objectId, refOf } from "#lib/model/ids.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

/** Workloads that name it, among the evidence. */
const mostListed = 20;

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
      if (each === undefined) yield;
      else if (each.kind !== "undecided") yield each.kind === "alias" ? ofAlias(each) : ofEnvironment(each);
      else if (origin !== "manifests")
        yield unjudged("services", "namespaces", "configMaps", "endpointSlices");
      else
        for (const { sentence } of each.doubts)
          yield { unjudged: ["services"], why: `${capital(sentence)}.` };
    }
  },
});

type Unresolved<Kind> = Extract<UnresolvedName, { kind: Kind }>;

function ofAlias({ service, name, sentence, nearMiss }: Unresolved<"alias">): Found {
  return {
    subject: service,
    part: "spec.externalName",
    message: `${refOf(service).name} is an alias of ${name}: ${sentence}`,
    evidence: [{ object: service, path: "spec.externalName", value: name }],
    nearMiss,
    fix: { text: "Correct spec.externalName, or delete the alias" },
    kubectl: kubectlOf(name),
  };
}

/** One for all workloads of a namespace: they have most likely copied it from each other. */
function ofEnvironment({ namespace, name, uses, sentence, nearMiss }: Unresolved<"environment">): Found {
  const variables = listedUpTo([...new Set(uses.map(({ variable }) => variable))].sort(), 2);
  const workloads = [...new Set(uses.map(({ workload }) => workload))];
  const whose = listedUpTo(workloads.map(objectInWords), 2);
  return {
    subject: objectId("namespace", undefined, namespace),
    part: name,
    message: `${variables} of ${whose} ${uses.length === 1 ? "names" : "name"} ${name}: ${sentence}`,
    evidence: uses.slice(0, mostListed).map((use) => ({
      object: use.workload,
      path: use.path,
      value: name,
    })),
    nearMiss,
    fix: { text: `Correct ${variables} of ${whose}, or create what it names` },
    kubectl: kubectlOf(name),
    touches: workloads.slice(0, mostListed),
  };
}

function kubectlOf(name: string): string {
  const [service = "", namespace] = name.split(".");
  return kubectl(namespace, "get", "service", service);
}
