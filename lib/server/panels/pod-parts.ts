import type { Facts, Reason } from "#lib/engine/facts.ts";
import { notReadyReasons } from "#lib/engine/not-ready-reasons.ts";
import { counted } from "#lib/engine/object-words.ts";
import { isFinished, isTerminating } from "#lib/engine/pod-readiness.ts";
import { selectorInWords, selectorMatches } from "#lib/engine/selector.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Container, Pod } from "#lib/model/objects.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";
import type { PanelParts } from "./panel-parts.ts";
import { podHealth } from "./pod-health.ts";
import { related } from "./related.ts";

export function podParts(facts: Facts, pod: Pod): PanelParts {
  const reasons = reasonsOf(facts, pod);
  const isTemplate = pod.template !== undefined;
  return {
    health: podHealth(pod),
    sentence: sentenceOf(pod, reasons),
    facts: [
      ...(isTemplate
        ? []
        : [
            { label: "IPs", value: pod.ips.join(", ") || "none yet", mono: true },
            { label: "node", value: pod.nodeName ?? "not scheduled" },
          ]),
      ...(pod.hostNetwork ? [{ label: "network", value: "the host's" }] : []),
      { label: "DNS policy", value: pod.dnsPolicy },
      ...reasons.slice(1).map(({ text }): FactView => ({ label: "also", value: text, tone: "partial" })),
      ...pod.containers.map((container) => containerFact(container, isFinished(pod))),
    ],
    related: [
      ...ownerRow(facts, pod),
      ...serviceRows(facts, pod),
      ...policyRows(facts, pod),
      ...nodeRow(facts, pod),
    ],
    conditions: isTemplate ? [] : pod.conditions,
  };
}

/** As a Service's endpoints tell it; a pod that no Service selects is looked at by itself. */
function reasonsOf(facts: Facts, pod: Pod): readonly Reason[] {
  const { snapshot, index } = facts;
  for (const { endpoints } of facts.services.values()) {
    const reasons = endpoints.find((endpoint) => endpoint.pod === pod.id)?.reasons;
    if (reasons !== undefined && reasons.length > 0) return reasons;
  }
  return snapshot.takenAt === undefined
    ? []
    : notReadyReasons(snapshot, index, Date.parse(snapshot.takenAt))(pod);
}

function sentenceOf(pod: Pod, reasons: readonly Reason[]): string {
  if (pod.template !== undefined)
    return `Stands for ${counted(pod.template.count, "pod")} of these files, taken as running and ready`;
  const [first] = reasons;
  if (first !== undefined) return first.text;
  if (isFinished(pod)) return `Finished (${pod.phase})`;
  if (isTerminating(pod)) return "Terminating";
  if (podHealth(pod) === "ok") return `${pod.phase} and ready`;
  return `${pod.phase}${pod.reason === undefined ? "" : `: ${pod.reason}`}, not ready`;
}

function ownerRow({ index, workloads }: Facts, pod: Pod): RelatedView[] {
  const owner = index.ownerOf.get(pod.id);
  if (owner === undefined || owner === pod.id) return [];
  return [related(owner, "owns it", { health: workloads.get(owner)?.health })];
}

function serviceRows({ services }: Facts, pod: Pod): RelatedView[] {
  return [...services.values()].flatMap(({ service, endpoints, selected, health }) => {
    const endpoint = endpoints.find((candidate) => candidate.pod === pod.id);
    const isSelected =
      service.namespace === pod.namespace && selected?.some(({ id }) => id === pod.id) === true;
    if (endpoint === undefined && !isSelected) return [];
    const relation = endpoint?.ready === true ? "sends traffic to it" : "selects it, sends no traffic";
    return [related(service.id, relation, { health })];
  });
}

/** NetworkPolicies of its namespace that select this very pod; its siblings may carry other labels. */
function policyRows({ policies }: Facts, pod: Pod): RelatedView[] {
  return [...policies.values()].flatMap(({ policy, directions }) => {
    if (policy.kind !== "network-policy" || policy.namespace !== pod.namespace || isFinished(pod)) return [];
    if (!selectorMatches(policy.podSelector, pod.labels)) return [];
    const what = pod.hostNetwork
      ? "selects it; whether it binds pods of the host network is undefined"
      : `isolates its ${directions.join(" and ")}`;
    return [related(policy.id, `${what} · ${selectorInWords(policy.podSelector) || "every pod"}`)];
  });
}

function nodeRow({ index }: Facts, { nodeName }: Pod): RelatedView[] {
  if (nodeName === undefined) return [];
  const id = objectId("node", undefined, nodeName);
  return index.byId.has(id) ? [related(id, "its node")] : [];
}

function containerFact(container: Container, isOver: boolean): FactView {
  const { name, role, ready, state } = container;
  const wanting = role !== "init" && !ready && state.kind !== "unreported" && !isOver;
  return {
    label: role === "main" ? `container ${name}` : `${role} container ${name}`,
    value: containerWords(container),
    tone: wanting ? "partial" : undefined,
  };
}

function containerWords({ state, role, ready, restartCount, lastEnd, image }: Container): string {
  const restarts = restartCount > 0 ? `, ${counted(restartCount, "restart")}` : "";
  const last =
    lastEnd === undefined
      ? ""
      : `, last exit ${lastEnd.exitCode}${lastEnd.reason === undefined ? "" : ` (${lastEnd.reason})`}`;
  switch (state.kind) {
    case "running":
      return `running${ready || role === "init" ? "" : ", not ready"}${restarts}${last}`;
    case "waiting":
      return `${state.reason ?? "waiting"}${state.message === undefined ? "" : `: ${state.message}`}${restarts}${last}`;
    case "terminated":
      return `exited ${state.exitCode}${state.reason === undefined ? "" : ` (${state.reason})`}${restarts}`;
    case "unreported":
      return image ?? "no status";
    default:
      return assertNever(state);
  }
}
