import { whyNoPods } from "#lib/engine/expected-pods.ts";
import type { ServiceFacts } from "#lib/engine/facts.ts";
import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { counted, objectInWords } from "#lib/engine/object-words.ts";
import { labelsInWords } from "#lib/engine/selector.ts";
import type { Pod, Workload } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import {
  behind,
  endpointName,
  followsOf,
  kubectlEndpoints,
  reasonsAsEvidence,
  shortList,
  whyNotReady,
} from "../../endpoint-reasons.ts";

/** Workloads that keep their pods running; that a Job has none at the moment is no fault. */
const lasting = ["deployments", "statefulSets", "daemonSets", "replicaSets"] as const;

type Judged = Pick<ServiceFacts, "service" | "backing" | "endpoints" | "total">;

export const serviceNoReadyEndpoints = defineCheck({
  id: "service/no-ready-endpoints",
  code: "NET-102",
  severity: "error",
  summary: "A Service has no ready endpoint, though its selector is right",
  inputs: ["services"],
  ifRead: ["endpointSlices", "pods", ...lasting],
  *find({ services, origin, unread, workloadsMeant }) {
    for (const facts of services) {
      const { service, backing, source, selected, nearMiss, ready, total } = facts;
      if (backing === "external-name" || ready > 0) continue;
      // Of a part of the pods or slices, the ready ones may be in the other part.
      if (source === "computed" && unread.includes("pods")) yield unjudged("pods");
      else if (source === "unknown" || (source !== "computed" && unread.includes("endpointSlices")))
        yield unjudged("endpointSlices", "pods");
      else if (total > 0) yield noneReady(facts);
      // Nothing runs in manifests, and nobody has written slices; whether the selector is right is NET-101.
      else if (origin === "manifests") continue;
      else if (backing === "manual") yield noneWritten(facts);
      // No endpoint and no sight of pods: a wrong selector, no pods, or scaled to zero. Only the pods could tell.
      else if (selected === undefined) yield unjudged("pods");
      else if (selected.length > 0) yield allLeaving(facts, selected);
      else {
        // Selecting no pod at all is NET-101, unless pods are asked for that do not come into being.
        const selector = { matchLabels: service.selector, matchExpressions: [] };
        const meant = workloadsMeant(service.namespace, selector);
        const [starved] = whyNoPods(meant, selector) === undefined ? meant : [];
        if (meant.length === 0) yield unjudged(...(nearMiss === undefined ? lasting : []));
        else if (starved !== undefined)
          yield unread.includes("pods") ? unjudged("pods") : noneCreated(facts, starved);
      }
    }
  },
});

function noneReady({ service, endpoints, total }: Judged): Found {
  const { id, name, selector } = service;
  const why = whyNotReady(endpoints);
  const names = shortList(endpoints.map(endpointName));
  // Ready endpoints serve; only when there are none do those that shut down and still serve (kube-proxy's fallback).
  const draining = endpoints.filter((endpoint) => endpoint.serving && endpoint.terminating);
  const none =
    total === 1
      ? `The only endpoint of ${name} is not ready`
      : `None of the ${total} endpoints of ${name} is ready`;
  const left =
    draining.length === 1
      ? "1 endpoint that shuts down still takes"
      : `${draining.length} endpoints that shut down still take`;
  return {
    subject: id,
    severity: draining.length > 0 ? "warning" : "error",
    message:
      draining.length > 0
        ? `No endpoint of ${name} is ready; ${left} its traffic`
        : `${none}${why === "" ? "" : `: ${why}`}`,
    evidence: [
      { object: id, path: "spec.selector", value: labelsInWords(selector) || "none" },
      ...reasonsAsEvidence(endpoints),
    ],
    fix: {
      text:
        draining.length > 0
          ? `Look at what should replace ${names} before it is gone; the Service ${name} needs no change`
          : `Repair ${names}; the Service ${name} needs no change`,
    },
    kubectl: kubectlEndpoints(service),
    touches: behind(endpoints),
    // Those that shut down leave on purpose.
    follows: followsOf(
      service,
      endpoints.filter(({ terminating }) => !terminating),
    ),
  };
}

/** Whoever is to write the endpoints may yet come, so this is no error. */
function noneWritten({ service }: Judged): Found {
  const { id, name, namespace } = service;
  return {
    subject: id,
    severity: "warning",
    message: `${name} has no selector, and no EndpointSlice gives it an endpoint`,
    evidence: [{ object: id, path: "spec.selector", value: "none" }],
    fix: {
      text: `Give ${name} a selector, or write an EndpointSlice labelled kubernetes.io/service-name=${name}`,
    },
    kubectl: kubectl(namespace, "get", "endpointslices", "-l", `kubernetes.io/service-name=${name}`),
  };
}

function allLeaving({ service }: Judged, selected: readonly Pod[]): Found {
  const { id, name, namespace, selector } = service;
  return {
    subject: id,
    message: `${name} has no endpoint: it selects ${counted(selected.length, "pod")}, all shutting down`,
    evidence: selected.map((pod) => ({
      object: pod.id,
      path: "metadata.deletionTimestamp",
      value: pod.deletingAt ?? "none",
    })),
    fix: { text: `Look at what should replace these pods; the Service ${name} needs no change` },
    kubectl: kubectl(namespace, "get", "pods", "-l", labelsArgument(selector)),
    touches: selected.map((pod) => pod.id),
  };
}

function noneCreated({ service }: Judged, workload: Workload): Found {
  const name = objectInWords(workload.id);
  const asked = workload.desired === undefined ? "pods" : counted(workload.desired, "pod");
  return {
    subject: service.id,
    message: `${service.name} has no endpoint: ${name} asks for ${asked}, and none that it selects exists`,
    evidence: [{ object: workload.id, path: "spec.replicas", value: `${workload.desired ?? "not given"}` }],
    fix: {
      text: `Look at the events of ${name} for what keeps pods from being created: a quota, an admission webhook, a missing ServiceAccount`,
    },
    kubectl: kubectl(service.namespace, "describe", ...name.split("/")),
    touches: [workload.id],
  };
}
