import type { Health } from "#lib/model/graph.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { BackendFact, PortFact, ServiceFacts } from "./facts.ts";
import { nearestOf } from "./near-words.ts";
import { listedUpTo } from "./object-words.ts";
import { portInWords } from "./ports.ts";
import { readInFull } from "./read-in-full.ts";

/** What a reference to a Service's port comes to. */
export type BackendVerdict = Pick<BackendFact, "state" | "sentence" | "nearMiss">;

export interface BackendInputs {
  readonly snapshot: Snapshot;
  readonly index: ClusterIndex;
  readonly services: ReadonlyMap<ObjectId, ServiceFacts>;
}

/** Judges a reference to a Service's port, by number or name; undefined: none was given, though Services need one. */
export function judgeBackend(
  id: ObjectId,
  port: number | string | undefined,
  inputs: BackendInputs,
): BackendVerdict {
  const service = inputs.services.get(id);
  if (service === undefined) return noService(id, inputs);
  const name = `Service ${service.service.name}`;
  // Its ports are no more than a note: the name that it stands for is asked on the port that was asked.
  if (service.backing === "external-name") {
    return service.health === "ok"
      ? { state: "ok", sentence: `${name} is ${service.sentence}` }
      : { state: "no-endpoints", sentence: `${name} is ${service.sentence}` };
  }
  if (port === undefined) {
    return { state: "port-missing", sentence: `names no port of ${name}`, nearMiss: portsOf(service) };
  }
  const fact = service.ports.find(
    (candidate) => (typeof port === "number" ? candidate.port.port : candidate.port.name) === port,
  );
  if (fact === undefined) {
    return { state: "port-missing", sentence: `${name} has no port ${port}`, nearMiss: portsOf(service) };
  }
  return judgePort(service, fact);
}

function judgePort(service: ServiceFacts, port: PortFact): BackendVerdict {
  const name = `Service ${service.service.name}`;
  const ending = `${name}: ${service.sentence}`;
  switch (port.health) {
    case "ok":
      return { state: "ok", sentence: ending };
    case "partial":
      return { state: "some-endpoints", sentence: ending };
    case "unknown":
      return { state: "unknown", sentence: ending };
    case "idle":
    case "broken":
      return { state: "no-endpoints", sentence: ending };
  }
}

function portsOf({ service }: ServiceFacts): string {
  const words = service.ports.map(
    (port) => `${portInWords(port)}${port.name === undefined ? "" : ` (${port.name})`}`,
  );
  return words.length === 0
    ? "it has no ports"
    : `it has ${words.length === 1 ? "port" : "ports"} ${listedUpTo(words, 5)}`;
}

function noService(id: ObjectId, { snapshot, index }: BackendInputs): BackendVerdict {
  const { namespace = "", name } = refOf(id);
  const others = index.servicesByNamespace.get(namespace) ?? [];
  if (!readInFull(snapshot, "services")) {
    return { state: "unknown", sentence: `Service ${namespace}/${name} is not among what could be read` };
  }
  // A repository that holds no Service of that namespace at all says nothing about the Services there.
  if (snapshot.origin === "manifests" && others.length === 0) {
    return {
      state: "unknown",
      sentence: `Service ${namespace}/${name} is not in these files, nor is any of ${namespace}`,
    };
  }
  const sentence = `Service ${name} does not exist in ${namespace}`;
  const nearest = nearestOf(
    name,
    others.map((service) => service.name),
  );
  if (nearest !== undefined) {
    return { state: "service-missing", sentence, nearMiss: `there is a Service ${nearest} in ${namespace}` };
  }
  const elsewhere = index.namespaceNames.filter((other) => index.byId.has(objectId("service", other, name)));
  const nearMiss =
    elsewhere.length === 0
      ? undefined
      : `there is a Service ${name} in ${elsewhere.length === 1 ? "namespace" : "namespaces"} ${listedUpTo(elsewhere, 3)}`;
  return { state: "service-missing", sentence, nearMiss };
}

/**
 * Health of what stands before backends, rule by rule or all at once: broken when no backend takes traffic, partial
 * when some do. Backends without weight get none and do not count, unless there are no others.
 */
export function healthOfBackends(
  backends: readonly BackendFact[],
  services: BackendInputs["services"],
): Health {
  const weighted = backends.filter((backend) => backend.state !== "zero-weight");
  if (weighted.length === 0) return backends.length === 0 ? "idle" : "broken";
  const healths = weighted.map((backend) => healthOf(backend, services));
  return combined(healths);
}

/** One health of several: alike if they agree; partial as soon as traffic stops on one of them and not on another. */
export function combined(healths: readonly Health[]): Health {
  const judged = healths.filter((health) => health !== "idle");
  const [first] = judged;
  if (first === undefined) return "idle";
  if (judged.every((health) => health === first)) return first;
  return judged.some((health) => health === "broken" || health === "partial") ? "partial" : "unknown";
}

function healthOf({ state, service }: BackendFact, services: BackendInputs["services"]): Health {
  switch (state) {
    case "ok":
    case "not-a-service":
      return "ok";
    case "some-endpoints":
      return "partial";
    case "no-endpoints":
      // Scaled to zero on purpose: nothing to judge here either.
      return service !== undefined && services.get(service)?.health === "idle" ? "idle" : "broken";
    case "service-missing":
    case "port-missing":
    case "not-permitted":
    case "zero-weight":
      return "broken";
    case "unknown":
      return "unknown";
  }
}

/** "1 of 2 backends has trouble: Service cart does not exist in shop"; empty when all take traffic. */
export function backendTroubles(backends: readonly BackendFact[]): string {
  const bad = backends.filter(
    ({ state }) => state !== "ok" && state !== "not-a-service" && state !== "zero-weight",
  );
  const sentences = [...new Set(bad.map((backend) => backend.sentence))];
  if (sentences.length === 0) return "";
  const [first, ...more] = sentences;
  const rest = more.length === 0 ? "" : `; and ${more.length} more`;
  if (backends.length === 1) return `${first}`;
  return `${bad.length} of ${backends.length} backends ${bad.length === 1 ? "has" : "have"} trouble: ${first}${rest}`;
}
