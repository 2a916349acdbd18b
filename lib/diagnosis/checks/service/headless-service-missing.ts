import { authoredLabels } from "#lib/engine/controller-labels.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { mergePatch } from "#lib/engine/fix/patch.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { isHeadless } from "#lib/engine/ports.ts";
import { labelsInWords, labelsMatch } from "#lib/engine/selector.ts";
import type { Fix, Patch } from "#lib/model/finding.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { ContainerPort, Service, Workload } from "#lib/model/objects.ts";
import { defineCheck, type Found, notInManifests, unjudged } from "../../check.ts";

export const serviceHeadlessServiceMissing = defineCheck({
  id: "service/headless-service-missing",
  code: "NET-116",
  // No error: the pods run, and only those who ask for one of them by name are lost.
  severity: "warning",
  summary: "The serviceName of a StatefulSet is no headless Service of its pods",
  inputs: ["statefulSets", "services"],
  *find({ objects, origin, unread }) {
    const services = new Map(objects.services.map((service) => [service.id, service]));
    const byNamespace = Map.groupBy(objects.services, ({ namespace }) => namespace);
    const sharing = Map.groupBy(objects.statefulSets, governing);
    for (const [id, sets] of sharing) {
      if (id === undefined) continue;
      const service = services.get(id);
      for (const set of sets) {
        const { namespace } = set;
        if (service !== undefined) yield* misfit(set, service, sets.length > 1);
        else if (unread.includes("services")) yield unjudged("services");
        else if (origin === "manifests" && !byNamespace.has(namespace))
          yield notInManifests("services", namespace);
        else yield missing(set, id, (byNamespace.get(namespace) ?? []).filter(isHeadless));
      }
    }
  },
});

/** Without a name the pods are not meant to have names of their own. */
function governing({ namespace, serviceName }: Workload): ObjectId | undefined {
  return serviceName ? objectId("service", namespace, serviceName) : undefined;
}

function found({ id, serviceName = "" }: Workload) {
  return {
    subject: id,
    part: "spec.serviceName",
    evidence: [{ object: id, path: "spec.serviceName", value: serviceName }],
  };
}

function missing(set: Workload, service: ObjectId, headless: readonly Service[]): Found {
  const { name, namespace, serviceName = "", template } = set;
  const selecting = headless
    .filter(({ selector }) => Object.keys(selector).length > 0 && selects(selector, template.labels))
    .map((each) => each.name)
    .sort();
  const nearest = nearestOf(
    serviceName,
    headless.map((each) => each.name),
  );
  return {
    ...found(set),
    message: `The pods of ${name} have no names in DNS: serviceName names the Service ${serviceName}, which does not exist in ${namespace}`,
    nearMiss:
      selecting.length > 0
        ? `the headless Service ${listedUpTo(selecting, 3)} selects its pods`
        : nearest === undefined
          ? undefined
          : `there is a headless Service ${nearest}`,
    fix: {
      text: `Create the headless Service ${serviceName}: the name cannot be changed in the StatefulSet`,
      manifest: headlessService(set, serviceName),
    },
    kubectl: kubectl(namespace, "get", "service", serviceName),
    touches: [service],
  };
}

function* misfit(set: Workload, service: Service, isShared: boolean): Generator<Found> {
  const { name, template } = set;
  const { id, namespace, selector, type } = service;
  const line = kubectl(namespace, "get", "service", service.name, "-o", "yaml");
  if (!isHeadless(service)) {
    const what = type === "ExternalName" ? "an ExternalName" : "not headless";
    yield {
      ...found(set),
      // Where nobody asks for single pods nothing is missed, and many charts do without.
      severity: "info",
      message: `The pods of ${name} have no names of their own in DNS: its Service ${service.name} is ${what}`,
      evidence: [
        ...found(set).evidence,
        { object: id, path: "spec.clusterIP", value: service.clusterIPs[0] ?? "none" },
      ],
      fix: {
        text: `Where pods are asked for by name, create a headless Service and create ${name} anew with it as serviceName`,
      },
      kubectl: line,
      touches: [id],
    };
    return;
  }
  // Without a selector someone writes the slices, and with them the names.
  if (Object.keys(selector).length === 0 || selects(selector, template.labels)) return;
  yield {
    ...found(set),
    message: `The pods of ${name} have no names in DNS: its Service ${service.name} does not select them`,
    evidence: [
      ...found(set).evidence,
      { object: id, path: "spec.selector", value: labelsInWords(selector) },
      { object: set.id, path: "spec.template.metadata.labels", value: labelsInWords(template.labels) },
    ],
    fix: fixSelector(set, service, isShared),
    kubectl: line,
    touches: [id],
  };
}

function selects(selector: Service["selector"], labels: Workload["template"]["labels"]): boolean {
  return labelsMatch(authoredLabels(selector), labels);
}

function fixSelector(set: Workload, service: Service, isShared: boolean): Fix {
  const text = `Let ${service.name} select the pods of ${set.name}`;
  const patch = isShared ? undefined : selectorPatch(set, service);
  return patch === undefined ? { text } : { text: `${text}: ${labelsInWords(ownLabels(set))}`, patch };
}

/** A merge patch adds labels to a selector, so those that are wrong are taken out by null. */
function selectorPatch(set: Workload, { id, selector }: Service): Patch | undefined {
  const labels = ownLabels(set);
  if (Object.keys(labels).length === 0) return undefined;
  const gone = Object.keys(selector).filter((key) => !(key in labels));
  return mergePatch(id, {
    spec: { selector: { ...Object.fromEntries(gone.map((key) => [key, null])), ...labels } },
  });
}

/** By which a StatefulSet knows its pods. */
function ownLabels({ selector, template }: Workload): Workload["template"]["labels"] {
  return selector === undefined ? template.labels : selector.matchLabels;
}

function headlessService(set: Workload, name: string): string {
  const ports = set.template.containers
    .filter(({ role }) => role !== "init")
    .flatMap((container) => container.ports);
  const unique = [...new Map(ports.map((port) => [`${port.containerPort}/${port.protocol}`, port])).values()];
  const isTaken = (port: ContainerPort) => unique.some((each) => each !== port && each.name === port.name);
  const lines = unique.map((port) => {
    const { containerPort, protocol } = port;
    const own = isTaken(port) ? undefined : port.name;
    return `    - { name: ${own ?? `${protocol.toLowerCase()}-${containerPort}`}, port: ${containerPort}, protocol: ${protocol} }\n`;
  });
  const labels = Object.entries(ownLabels(set)).map(
    ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}\n`,
  );
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${set.namespace}
spec:
  clusterIP: None
  selector:
${labels.join("")}${lines.length === 0 ? "" : `  ports:\n${lines.join("")}`}`;
}
