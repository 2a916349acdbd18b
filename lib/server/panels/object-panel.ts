import type { Facts } from "#lib/engine/facts.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { Finding } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { FactView, ObjectPanel } from "#lib/protocol/panel.ts";
import { kubectlWord } from "../kind-names.ts";
import { namespaceParts, nodeParts } from "./cluster-parts.ts";
import { endpointSliceParts } from "./endpoint-slice-parts.ts";
import {
  gatewayClassParts,
  gatewayParts,
  ingressClassParts,
  ingressParts,
  listenerSetParts,
  referenceGrantParts,
  routeParts,
} from "./entry-parts.ts";
import { findingsAbout, findingView } from "./finding-view.ts";
import { foreignPolicyParts } from "./foreign-policy-parts.ts";
import { originWords } from "./origin-words.ts";
import type { PanelParts } from "./panel-parts.ts";
import { podParts } from "./pod-parts.ts";
import { policyParts } from "./policy-parts.ts";
import { related } from "./related.ts";
import { secretMakerParts, secretParts } from "./secret-parts.ts";
import { traceQuestions } from "./trace-questions.ts";
import { eventViews } from "./warnings.ts";
import { workloadParts } from "./workload-parts.ts";

const mostRelated = 60;

/**
 * The panel of any object but a Service; undefined when there is no such object. A workload that only its pods name
 * has one too: it is on the map.
 */
export function objectPanel(
  facts: Facts,
  findings: readonly Finding[],
  id: ObjectId,
): ObjectPanel | undefined {
  const object = facts.index.byId.get(id);
  const unread = object === undefined ? facts.workloads.get(id) : undefined;
  if (object === undefined && unread === undefined) return undefined;
  const parts = object === undefined ? workloadParts(facts, id) : partsOf(facts, object);
  const { kind, namespace, name } = refOf(id);
  const { api } = kinds[kind];
  return {
    id,
    kind: api,
    namespace,
    name,
    health: parts.health,
    sentence: parts.sentence,
    createdAt: object?.createdAt,
    origin: originWords(object?.origin),
    questions: traceQuestions(facts, id),
    facts: [...noteOn(object, api), ...parts.facts, ...leftOut(parts)],
    labels: { ...(object?.labels ?? unread?.labels) },
    conditions: (parts.conditions ?? []).map(({ type, status, reason, message, since }) => ({
      type,
      status,
      reason,
      message,
      since,
    })),
    related: parts.related.slice(0, mostRelated),
    events: eventViews(facts, id, 8),
    findings: findingsAbout(findings, id).map(findingView),
    kubectl: kubectl(namespace, "describe", kubectlWord(kind), name),
  };
}

function noteOn(object: ClusterObject | undefined, api: string): FactView[] {
  if (object === undefined)
    return [{ label: "note", value: `The ${api} itself was not read; its pods name it as their owner.` }];
  // For a pod this is when its grace period ends, which its sentence tells.
  if (object.deletingAt === undefined || object.kind === "pod") return [];
  return [{ label: "deletion", value: `asked for at ${object.deletingAt}`, tone: "partial" }];
}

function leftOut({ related: all }: PanelParts): FactView[] {
  const more = all.length - mostRelated;
  return more > 0 ? [{ label: "related", value: `${more} more are not listed` }] : [];
}

function partsOf(facts: Facts, object: ClusterObject): PanelParts {
  switch (object.kind) {
    case "pod":
      return podParts(facts, object);
    case "deployment":
    case "replica-set":
    case "stateful-set":
    case "daemon-set":
    case "job":
    case "cron-job":
      return workloadParts(facts, object.id);
    case "ingress":
      return ingressParts(facts, object.id);
    case "gateway":
      return gatewayParts(facts, object.id);
    case "http-route":
    case "grpc-route":
    case "tls-route":
    case "tcp-route":
    case "udp-route":
      return routeParts(facts, object.id);
    case "network-policy":
    case "cluster-network-policy":
    case "admin-network-policy":
    case "baseline-admin-network-policy":
      return policyParts(facts, object.id);
    case "cilium-network-policy":
    case "cilium-clusterwide-network-policy":
    case "calico-network-policy":
    case "calico-global-network-policy":
    case "antrea-network-policy":
    case "antrea-cluster-network-policy":
    case "authorization-policy":
    case "egress-firewall":
      return foreignPolicyParts(facts, object);
    case "node":
      return nodeParts(facts, object);
    case "namespace":
      return namespaceParts(facts, object);
    case "ingress-class":
      return ingressClassParts(facts, object);
    case "gateway-class":
      return gatewayClassParts(facts, object);
    case "listener-set":
      return listenerSetParts(facts, object);
    case "reference-grant":
      return referenceGrantParts(facts, object);
    case "endpoint-slice":
      return endpointSliceParts(facts, object);
    case "secret":
      return secretParts(facts, object);
    case "certificate":
    case "external-secret":
    case "sealed-secret":
      return secretMakerParts(facts, object);
    case "config-map":
      return { health: "ok", sentence: "Configures the cluster's DNS", facts: [], related: [] };
    case "event":
      return {
        health: object.type === "Warning" ? "partial" : "ok",
        sentence: object.message,
        facts: [
          { label: "reason", value: object.reason },
          { label: "seen", value: `${object.count} ${object.count === 1 ? "time" : "times"}` },
          ...(object.lastSeen === undefined ? [] : [{ label: "last seen", value: object.lastSeen }]),
        ],
        related: object.about === undefined ? [] : [related(object.about, "what it is about")],
      };
    case "service":
      throw new Error("a Service has a panel of its own");
    default:
      return assertNever(object);
  }
}
