/** The panels of what everything else stands in: nodes and namespaces. */
import type { Facts } from "#lib/engine/facts.ts";
import { counted, listed } from "#lib/engine/object-words.ts";
import { isFinished } from "#lib/engine/pod-readiness.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import { worstHealth } from "#lib/graph/health.ts";
import type { Health } from "#lib/model/graph.ts";
import type { Condition, Namespace, Node } from "#lib/model/objects.ts";
import { foreignPlurals, isRead, seen } from "#lib/model/snapshot.ts";
import type { PanelParts } from "./panel-parts.ts";
import { podHealth } from "./pod-health.ts";
import { related, troubledFirst } from "./related.ts";

/** Conditions that are bad when they hold. */
const pressures = new Set(["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"]);

export function nodeParts(facts: Facts, node: Node): PanelParts {
  const read = facts.snapshot.objects.pods;
  const pods = (read ?? []).filter((pod) => pod.nodeName === node.name && !isFinished(pod));
  return {
    ...nodeState(node.conditions),
    facts: [
      ...node.addresses.map(({ type, address }) => ({ label: type, value: address, mono: true })),
      { label: "pod CIDRs", value: node.podCIDRs.join(", ") || "none", mono: true },
      ...(node.zone === undefined ? [] : [{ label: "zone", value: node.zone }]),
      ...(node.unschedulable ? [{ label: "scheduling", value: "cordoned: it takes no new pods" }] : []),
      { label: "pods", value: read === undefined ? "not read" : String(pods.length) },
    ],
    related: troubledFirst(pods.map((pod) => related(pod.id, "runs here", { health: podHealth(pod) }))),
    conditions: node.conditions,
  };
}

function nodeState(conditions: readonly Condition[]): Pick<PanelParts, "health" | "sentence"> {
  const ready = conditions.find((condition) => condition.type === "Ready");
  if (ready === undefined) return { health: "unknown", sentence: "It reports no Ready condition" };
  if (ready.status === "Unknown")
    return { health: "broken", sentence: `It stopped reporting: ${ready.reason ?? "Ready is Unknown"}` };
  if (ready.status === "False")
    return { health: "broken", sentence: `Not ready: ${ready.reason ?? "Ready is False"}` };
  const held = conditions.filter(({ type, status }) => pressures.has(type) && status === "True");
  return held.length === 0
    ? { health: "ok", sentence: "Ready" }
    : { health: "partial", sentence: `Ready, but with ${listed(held.map(({ type }) => type))}` };
}

export function namespaceParts(facts: Facts, { name, implied }: Namespace): PanelParts {
  const isHere = (object: { readonly namespace: string }) => object.namespace === name;
  const services = [...facts.services.values()].filter((fact) => isHere(fact.service));
  const workloads = [...facts.workloads.values()].filter(isHere);
  const policies = [...facts.policies.values()].filter(
    ({ policy }) => policy.kind === "network-policy" && isHere(policy),
  );
  const foreign = foreignPlurals
    .flatMap((plural) => seen(facts.snapshot, plural))
    .filter((policy) => policy.namespace === name);
  const entries = [
    ...[...facts.gateways.values()].map((fact) => ({ ...fact, object: fact.gateway })),
    ...[...facts.ingresses.values()].map((fact) => ({ ...fact, object: fact.ingress })),
    ...[...facts.routes.values()].map((fact) => ({ ...fact, object: fact.route })),
  ].filter((fact) => isHere(fact.object));
  const healths = [...services, ...workloads, ...entries].map((fact) => fact.health);
  const broken = services.filter((fact) => fact.health === "broken").length;
  const { snapshot } = facts;
  return {
    health: namespaceHealth(healths, readInFull(snapshot, "services") && readInFull(snapshot, "pods")),
    sentence: [
      !isRead(snapshot, "services")
        ? "Services could not be read"
        : `${counted(services.length, "Service")}${broken > 0 ? `, ${broken} of them broken` : ""}`,
      !isRead(snapshot, "pods") ? "pods could not be read" : counted(workloads.length, "workload"),
      !isRead(snapshot, "networkPolicies")
        ? "NetworkPolicies could not be read"
        : counted(policies.length, "NetworkPolicy", "NetworkPolicies"),
    ].join("; "),
    facts:
      implied === true
        ? [{ label: "note", value: "Only its name was used; no Namespace object was read." }]
        : [],
    related: troubledFirst([
      ...entries.map(({ object, sentence, health }) => related(object.id, sentence, { health })),
      ...services.map(({ service, sentence, health }) => related(service.id, sentence, { health })),
      ...workloads.map(({ id, sentence, health }) => related(id, sentence, { health })),
      ...policies.map(({ policy, sentence }) => related(policy.id, sentence)),
      ...foreign.map((policy) => related(policy.id, "its rules are not evaluated")),
    ]),
  };
}

/** Broken only where all that is judged is; otherwise one broken Service makes it partial. */
function namespaceHealth(healths: readonly Health[], allRead: boolean): Health {
  const judged = healths.filter((health) => health !== "idle");
  const worst = worstHealth(judged);
  if (worst === "broken" && judged.some((health) => health !== "broken")) return "partial";
  return allRead || worst === "broken" || worst === "partial" ? worst : "unknown";
}
