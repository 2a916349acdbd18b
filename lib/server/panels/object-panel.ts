import type { Facts, WorkloadFacts } from "#lib/engine/facts.ts";
import { admissionOf } from "#lib/engine/policy/admission.ts";
import { selectorInWords } from "#lib/engine/selector.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { Health } from "#lib/model/graph.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ClusterObject, Condition, Pod } from "#lib/model/objects.ts";
import type { FactView, ObjectPanel, RelatedView } from "#lib/protocol/panel.ts";
import { gatewayParts, ingressParts, routeParts } from "./entry-parts.ts";
import { findingsAbout, findingView } from "./finding-view.ts";
import { policyParts } from "./policy-parts.ts";
import { related } from "./related.ts";
import { originWords } from "./service-panel.ts";
import { eventViews } from "./warnings.ts";

/** What differs from kind to kind. */
export interface PanelParts {
  readonly health: Health;
  readonly sentence: string;
  readonly facts: readonly FactView[];
  readonly related: readonly RelatedView[];
  readonly conditions?: readonly Condition[] | undefined;
}

const mostRelated = 60;

/** The panel of any object but a Service; undefined when there is no such object. */
export function objectPanel(
  facts: Facts,
  findings: readonly Finding[],
  id: ObjectId,
): ObjectPanel | undefined {
  const object = facts.index.byId.get(id);
  if (object === undefined) return undefined;
  const parts = partsOf(facts, object);
  const namespace = "namespace" in object ? object.namespace : undefined;
  const more = parts.related.length - mostRelated;
  return {
    id,
    kind: kinds[object.kind].api,
    namespace,
    name: object.name,
    health: parts.health,
    sentence: parts.sentence,
    createdAt: object.createdAt,
    origin: originWords(object.origin),
    facts: [
      ...parts.facts,
      ...(more > 0 ? [{ label: "related", value: `${more} more are not listed` }] : []),
    ],
    labels: { ...object.labels },
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
    kubectl: `kubectl${namespace === undefined ? "" : ` -n ${namespace}`} describe ${kinds[object.kind].api.toLowerCase()} ${object.name}`,
  };
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
    case "node": {
      const ready = object.conditions.find((c) => c.type === "Ready");
      const pods = (facts.snapshot.objects.pods ?? []).filter((pod) => pod.nodeName === object.name);
      return {
        health: ready === undefined ? "unknown" : ready.status === "True" ? "ok" : "broken",
        sentence:
          ready === undefined
            ? "It reports no Ready condition"
            : ready.status === "True"
              ? "Ready"
              : `Not ready: ${ready.reason ?? ready.status}`,
        facts: [
          ...object.addresses.map(({ type, address }) => ({ label: type, value: address, mono: true })),
          { label: "pod CIDRs", value: object.podCIDRs.join(", ") || "none", mono: true },
          ...(object.zone === undefined ? [] : [{ label: "zone", value: object.zone }]),
          ...(object.unschedulable ? [{ label: "scheduling", value: "cordoned" }] : []),
          {
            label: "pods",
            value: facts.snapshot.objects.pods === undefined ? "not read" : String(pods.length),
          },
        ],
        related: pods.map((pod) => related(pod.id, "runs here")),
        conditions: object.conditions,
      };
    }
    case "namespace": {
      const workloads = [...facts.workloads.values()].filter((w) => w.namespace === object.name);
      const services = [...facts.services.values()].filter((s) => s.service.namespace === object.name);
      const policies = [...facts.policies.values()].filter(
        (p) => p.policy.kind === "network-policy" && p.policy.namespace === object.name,
      );
      const broken = services.filter((s) => s.health === "broken").length;
      return {
        health: broken > 0 ? "broken" : services.some((s) => s.health === "partial") ? "partial" : "ok",
        sentence: `${services.length} Services, ${broken} of them broken; ${workloads.length} workloads; ${policies.length} NetworkPolicies`,
        facts:
          object.implied === true
            ? [{ label: "note", value: "Only its name was used; no Namespace object was read." }]
            : [],
        related: [
          ...services.map((s) => related(s.service.id, s.sentence, { health: s.health })),
          ...workloads.map((w) => related(w.id, w.sentence, { health: w.health })),
          ...policies.map((p) => related(p.policy.id, p.sentence)),
        ],
      };
    }
    case "ingress-class": {
      const users = [...facts.ingresses.values()].filter(
        (i) => i.class.state === "found" && i.class.class.id === object.id,
      );
      return {
        health: "ok",
        sentence: `${users.length} ${users.length === 1 ? "Ingress uses" : "Ingresses use"} it`,
        facts: [
          { label: "controller", value: object.controller, mono: true },
          { label: "default", value: object.isDefault ? "yes" : "no" },
        ],
        related: users.map((i) => related(i.ingress.id, "of this class", { health: i.health })),
      };
    }
    case "gateway-class": {
      const users = [...facts.gateways.values()].filter((g) => g.class?.id === object.id);
      const accepted = object.conditions.find((c) => c.type === "Accepted");
      return {
        health: accepted === undefined ? "unknown" : accepted.status === "True" ? "ok" : "broken",
        sentence:
          accepted === undefined
            ? "No controller has reported on it"
            : accepted.status === "True"
              ? "Accepted by its controller"
              : `Not accepted: ${accepted.reason ?? ""}`,
        facts: [{ label: "controller", value: object.controllerName, mono: true }],
        related: users.map((g) => related(g.gateway.id, "of this class", { health: g.health })),
        conditions: object.conditions,
      };
    }
    case "listener-set":
      return {
        health: "ok",
        sentence: `${object.listeners.length} listeners for Gateway ${object.parent.namespace}/${object.parent.name}`,
        facts: object.listeners.map((l) => ({
          label: l.name,
          value: `${l.protocol} ${l.port} ${l.hostname ?? ""}`,
        })),
        related: [],
        conditions: object.conditions,
      };
    case "reference-grant":
      return {
        health: "ok",
        sentence: `Lets ${object.from.map((f) => `${f.apiKind} of ${f.namespace}`).join(", ")} refer to ${object.to.map((t) => t.name ?? `every ${t.apiKind}`).join(", ")} of ${object.namespace}`,
        facts: [],
        related: [],
      };
    case "endpoint-slice":
      return {
        health: object.endpoints.some((e) => e.ready)
          ? "ok"
          : object.endpoints.length === 0
            ? "idle"
            : "broken",
        sentence: `${object.endpoints.filter((e) => e.ready).length} of ${object.endpoints.length} endpoints ready`,
        facts: [
          { label: "managed by", value: object.managedBy ?? "nobody named" },
          { label: "address type", value: object.addressType },
          {
            label: "ports",
            value:
              object.ports
                .map((p) => `${p.name === "" ? "" : `${p.name} `}${p.port ?? "all"}/${p.protocol}`)
                .join(", ") || "none",
          },
          ...object.endpoints.map((e) => ({
            label: e.addresses.join(", "),
            value: e.ready ? "ready" : "not ready",
            tone: e.ready ? ("ok" as const) : ("partial" as const),
          })),
        ],
        related: facts.index.byId.has(serviceOf(object.namespace, object.serviceName))
          ? [related(serviceOf(object.namespace, object.serviceName), "its Service")]
          : [],
      };
    case "config-map":
      return { health: "ok", sentence: "Configures the cluster's DNS", facts: [], related: [] };
    case "event":
      return {
        health: "ok",
        sentence: object.message,
        facts: [],
        related: object.about === undefined ? [] : [related(object.about, "what it is about")],
      };
    case "service":
      throw new Error("a Service has a panel of its own");
    default:
      return assertNever(object);
  }
}

function serviceOf(namespace: string, name: string | undefined): ObjectId {
  return objectId("service", namespace, name ?? "");
}

function workloadParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.workloads.get(id);
  const object = facts.index.workloads.get(id);
  if (found === undefined) {
    const owner = object?.owners.find((o) => o.controller);
    return {
      health: "idle",
      sentence:
        owner === undefined ? "It has no pods of its own" : `Belongs to ${owner.apiKind} ${owner.name}`,
      facts: [],
      related: [],
    };
  }
  const admission = admissionOf(facts, found.pods, []);
  return {
    health: found.health,
    sentence: found.sentence,
    facts: [
      ...(object?.desired === undefined ? [] : [{ label: "desired", value: String(object.desired) }]),
      { label: "pods ready", value: `${found.ready} of ${found.total}` },
      ...portFacts(found),
      ...(found.pods.some((pod) => pod.hostNetwork) ? [{ label: "network", value: "the host's" }] : []),
      ...(found.pods.some((pod) => pod.template !== undefined)
        ? [{ label: "pods", value: "taken from its template: the files hold no pods" }]
        : []),
      { label: "who may reach it", value: admission.sentence },
    ],
    related: [
      ...servicesSelecting(facts, found),
      ...found.policies.ingress.map((policy) => related(policy, "isolates its ingress")),
      ...found.policies.egress.map((policy) => related(policy, "isolates its egress")),
      ...found.pods
        .filter((pod) => pod.template === undefined)
        .map((pod) =>
          related(pod.id, pod.nodeName === undefined ? "its pod" : `its pod on ${pod.nodeName}`, {
            health: podHealth(pod),
          }),
        ),
    ],
  };
}

function portFacts(workload: WorkloadFacts): FactView[] {
  const ports = new Set(
    workload.pods.flatMap((pod) =>
      pod.containers
        .filter((c) => c.role !== "init")
        .flatMap((c) =>
          c.ports.map((p) => `${p.containerPort}/${p.protocol}${p.name === undefined ? "" : ` (${p.name})`}`),
        ),
    ),
  );
  return ports.size === 0 ? [] : [{ label: "ports declared", value: [...ports].join(", "), mono: true }];
}

function servicesSelecting(facts: Facts, workload: WorkloadFacts): RelatedView[] {
  const ids = new Set(workload.pods.map((pod) => pod.id));
  return [...facts.services.values()]
    .filter(
      (s) =>
        s.service.namespace === workload.namespace && s.selected?.some((pod) => ids.has(pod.id)) === true,
    )
    .map((s) =>
      related(s.service.id, "Service that selects its pods", {
        health: s.health,
        note: s.health === "ok" ? undefined : s.sentence,
      }),
    );
}

function podHealth(pod: Pod): Health {
  if (pod.phase === "Succeeded") return "idle";
  const ready = pod.conditions.find((c) => c.type === "Ready");
  return ready === undefined ? "unknown" : ready.status === "True" ? "ok" : "broken";
}

function podParts(facts: Facts, pod: Pod): PanelParts {
  const owner = facts.index.ownerOf.get(pod.id);
  const endpoints = [...facts.services.values()].flatMap((s) =>
    s.endpoints.filter((e) => e.pod === pod.id).map((e) => ({ service: s.service.id, endpoint: e })),
  );
  const reasons = endpoints[0]?.endpoint.reasons ?? [];
  const health = podHealth(pod);
  return {
    health,
    sentence:
      health === "ok"
        ? `${pod.phase} and ready`
        : health === "idle"
          ? "Finished"
          : (reasons[0]?.text ??
            `${pod.phase}${pod.reason === undefined ? "" : `: ${pod.reason}`}, not ready`),
    facts: [
      { label: "IPs", value: pod.ips.join(", ") || "none yet", mono: true },
      { label: "node", value: pod.nodeName ?? "not scheduled" },
      ...(pod.hostNetwork ? [{ label: "network", value: "the host's" }] : []),
      { label: "DNS policy", value: pod.dnsPolicy },
      ...reasons.slice(1).map((r) => ({ label: "also", value: r.text, tone: "partial" as const })),
      ...pod.containers.map((c) => ({
        label: c.role === "main" ? `container ${c.name}` : `${c.role} ${c.name}`,
        value: containerWords(c),
        tone:
          c.role !== "init" && !c.ready && c.state.kind !== "unreported" && health !== "idle"
            ? ("partial" as const)
            : undefined,
      })),
    ],
    related: [
      ...(owner === undefined || owner === pod.id ? [] : [related(owner, "owns it")]),
      ...endpoints.map(({ service, endpoint }) =>
        related(service, endpoint.ready ? "takes traffic for it" : "selects it, sends no traffic", {
          health: endpoint.ready ? "ok" : "broken",
        }),
      ),
      ...[...facts.policies.values()]
        .filter(
          (p) =>
            p.policy.kind === "network-policy" &&
            p.policy.namespace === pod.namespace &&
            owner !== undefined &&
            p.workloads?.includes(owner) === true,
        )
        .map((p) =>
          related(
            p.policy.id,
            `isolates ${p.directions.join(" and ")} · ${selectorInWords(p.policy.kind === "network-policy" ? p.policy.podSelector : { matchLabels: {}, matchExpressions: [] }) || "every pod"}`,
          ),
        ),
    ],
    conditions: pod.conditions,
  };
}

function containerWords(c: Pod["containers"][number]): string {
  const restarts = c.restartCount > 0 ? `, ${c.restartCount} restarts` : "";
  const last =
    c.lastEnd === undefined
      ? ""
      : `, last exit ${c.lastEnd.exitCode}${c.lastEnd.reason === undefined ? "" : ` (${c.lastEnd.reason})`}`;
  switch (c.state.kind) {
    case "running":
      return `running${c.ready || c.role === "init" ? "" : ", not ready"}${restarts}${last}`;
    case "waiting":
      return `${c.state.reason ?? "waiting"}${c.state.message === undefined ? "" : `: ${c.state.message}`}${restarts}${last}`;
    case "terminated":
      return `exited ${c.state.exitCode}${c.state.reason === undefined ? "" : ` (${c.state.reason})`}${restarts}`;
    case "unreported":
      return c.image ?? "no status";
    default:
      return assertNever(c.state);
  }
}
