import type { Facts, WorkloadFacts } from "#lib/engine/facts.ts";
import { countPods, isFinished, isReady, isTerminating } from "#lib/engine/pod-readiness.ts";
import { healthOfReady } from "#lib/graph/health.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import { kindFromWord, kinds } from "#lib/model/kinds.ts";
import type { Pod } from "#lib/model/objects.ts";
import { isRead } from "#lib/model/snapshot.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";
import { gone, type PanelParts } from "./panel-parts.ts";
import { podHealth } from "./pod-health.ts";
import { related, troubledFirst } from "./related.ts";

/** The panel of a workload: a top-level one by its facts, a ReplicaSet or Job of another by its own pods. */
export function workloadParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.workloads.get(id);
  return found === undefined ? ownedParts(facts, id) : topParts(facts, found);
}

function topParts(facts: Facts, found: WorkloadFacts): PanelParts {
  const object = facts.index.workloads.get(found.id);
  const podsRead = isRead(facts.snapshot, "pods");
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      ...(object?.desired === undefined ? [] : [{ label: "desired", value: String(object.desired) }]),
      { label: "pods ready", value: podsRead ? `${found.ready} of ${found.total}` : "not read" },
      ...declaredPortFacts(found),
      ...(found.pods.some((pod) => pod.hostNetwork) ? [{ label: "network", value: "the host's" }] : []),
      ...(found.pods.some((pod) => pod.template !== undefined)
        ? [{ label: "pods", value: "taken from its template: the files hold no pods" }]
        : []),
    ],
    related: [
      ...servicesSelecting(facts, found),
      ...found.policies.ingress.map((policy) => related(policy, policyRelation(policy, "ingress"))),
      ...found.policies.egress.map((policy) => related(policy, policyRelation(policy, "egress"))),
      ...podRows(found.pods),
    ],
  };
}

/** Tiered policies rule over traffic without isolating anyone. */
function policyRelation(policy: ObjectId, direction: "ingress" | "egress"): string {
  return `${refOf(policy).kind === "network-policy" ? "isolates" : "rules over"} its ${direction}`;
}

function ownedParts(facts: Facts, id: ObjectId): PanelParts {
  const object = facts.index.workloads.get(id);
  const owner = object?.owners.find((candidate) => candidate.controller) ?? object?.owners[0];
  if (object === undefined || owner === undefined) return gone;
  const kind = kindFromWord(owner.apiKind);
  const ownerId = kind === undefined ? undefined : objectId(kind, object.namespace, owner.name);
  const { api } = kinds[object.kind];
  const pods = (facts.index.podsByNamespace.get(object.namespace) ?? []).filter((pod) =>
    pod.owners.some(({ apiKind, name }) => apiKind === api && name === object.name),
  );
  const staying = pods.filter((pod) => !isFinished(pod) && !isTerminating(pod));
  const [ready, total] = [countPods(staying.filter(isReady)), countPods(staying)];
  const belongs = `Belongs to ${owner.apiKind} ${owner.name}`;
  const rows = [
    ...(ownerId !== undefined && facts.index.byId.has(ownerId)
      ? [related(ownerId, "owns it", { health: facts.workloads.get(ownerId)?.health })]
      : []),
    ...podRows(pods),
  ];
  if (!isRead(facts.snapshot, "pods"))
    return {
      health: "unknown",
      sentence: `${belongs}; its pods could not be read`,
      facts: [],
      related: rows,
    };
  return total === 0
    ? { health: "idle", sentence: `${belongs}; it has no pods now`, facts: [], related: rows }
    : {
        health: healthOfReady(ready, total),
        sentence: `${belongs}; ${ready} of ${total} pods ready`,
        facts: [],
        related: rows,
      };
}

function podRows(pods: readonly Pod[]): readonly RelatedView[] {
  return troubledFirst(
    pods
      .filter((pod) => pod.template === undefined)
      .map((pod) =>
        related(pod.id, pod.nodeName === undefined ? "its pod" : `its pod on ${pod.nodeName}`, {
          health: podHealth(pod),
        }),
      ),
  );
}

function declaredPortFacts(workload: WorkloadFacts): FactView[] {
  const ports = new Set(
    workload.pods.flatMap((pod) =>
      pod.containers
        .filter((container) => container.role !== "init")
        .flatMap((container) =>
          container.ports.map(
            ({ containerPort, protocol, name }) =>
              `${containerPort}/${protocol}${name === undefined ? "" : ` (${name})`}`,
          ),
        ),
    ),
  );
  return ports.size === 0 ? [] : [{ label: "ports declared", value: [...ports].join(", "), mono: true }];
}

function servicesSelecting(facts: Facts, workload: WorkloadFacts): RelatedView[] {
  const ids = new Set(workload.pods.map((pod) => pod.id));
  return [...facts.services.values()]
    .filter(
      ({ service, selected }) =>
        service.namespace === workload.namespace && selected?.some((pod) => ids.has(pod.id)) === true,
    )
    .map(({ service, health, sentence }) =>
      related(service.id, "Service that selects its pods", {
        health,
        note: health === "ok" ? undefined : sentence,
      }),
    );
}
