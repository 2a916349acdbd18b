import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { ScrapeRefusal } from "#lib/engine/reachability/scrape-refusals.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import { defineCheck, type Found } from "../../check.ts";
import { followsNear, ifEnforced } from "../../refusal-words.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

/** On more workloads than this a finding about their policy would be everywhere. */
const mostTouched = 20;

export const policyBlocksMetrics = defineCheck({
  id: "policy/blocks-metrics",
  code: "NET-406",
  severity: "warning",
  summary: "Policies keep Prometheus from the metrics of pods that offer them",
  inputs: ["networkPolicies", "pods", "services"],
  ifRead: verdictPlurals,
  *find({ scrapeRefusals, unread, ownerOf, isEnforced }) {
    // A Prometheus that gets them may be among the pods that were not read.
    if (unread.includes("pods")) return;
    const byPolicy = new Map<ObjectId, ScrapeRefusal[]>();
    for (const each of scrapeRefusals()) {
      if (each.kind === "undecided") {
        yield unjudgedFor(each.doubts);
        continue;
      }
      const { id } = each.refusal.policy;
      byPolicy.set(id, [...(byPolicy.get(id) ?? []), each]);
    }
    for (const refusals of byPolicy.values())
      yield ifEnforced(
        isEnforced(),
        found(refusals, (pod) => ownerOf.get(pod.id) ?? pod.id),
      );
  },
});

function found(all: readonly ScrapeRefusal[], ownerOf: (pod: Pod) => ObjectId): Found {
  const annotated = all.filter(({ asked }) => asked === "annotated");
  // What an annotation asks for is missed; of a port that is called so it is not known who would come.
  const told = annotated.length > 0 ? annotated : all;
  const [first] = told.toSorted((a, b) => a.port - b.port);
  if (first === undefined) throw new Error("nothing is refused");
  const { policy, evidence, near, fix } = first.refusal;
  const owners = (pods: readonly Pod[]) => [...new Set(pods.map(ownerOf))].sort();
  const scrapers = owners(first.prometheus);
  const targets = owners(told.flatMap(({ pods }) => pods));
  const ports = [...new Set(told.map(({ port }) => port))].sort((a, b) => a - b);
  return {
    subject: policy.id,
    severity: annotated.length > 0 ? "warning" : "info",
    message: `${policy.name} keeps ${listedUpTo(scrapers.map(objectInWords), 2)} from the metrics of ${listedUpTo(targets.map(objectInWords), 3)} (${listedUpTo(
      ports.map((port) => `${port}/TCP`),
      3,
    )})`,
    evidence: [...evidence, ...told.slice(0, 5).flatMap(offer)],
    nearMiss: near?.sentence,
    // A rule for one port mends no other.
    fix: ports.length === 1 ? fix : { text: fix.text },
    kubectl: kubectlGet(policy.id),
    // Not Prometheus itself, which a cluster of many policies would cover with findings.
    touches: targets.length > mostTouched ? [] : targets,
    follows: followsNear(first.refusal),
  };
}

/** What says that the pods offer metrics there. */
function offer({ pods, port, asked }: ScrapeRefusal): Found["evidence"] {
  const [pod] = pods;
  if (pod === undefined) return [];
  return asked === "annotated"
    ? [{ object: pod.id, path: "metadata.annotations", value: `prometheus.io/scrape, port ${port}` }]
    : [{ object: pod.id, path: "spec.containers", value: `${nameOf(pod, port)}: ${port}` }];
}

function nameOf({ containers }: Pod, number: number): string {
  const found = containers
    .flatMap(({ ports }) => ports)
    .find(({ containerPort, name }) => containerPort === number && name !== undefined);
  return found?.name ?? "metrics";
}
