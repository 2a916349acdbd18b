import type { Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { ContainerPort, Pod, ServicePort } from "#lib/model/objects.ts";
import { nearestOf } from "../near-words.ts";
import { jsonPatch, pointer } from "./patch.ts";

/**
 * Where a named target port that pods do not declare should lead: to a port that all of them declare, the one whose
 * name is closest, else the only one there is. `path`: field path of the target port in the Service.
 */
export function fixTargetPort(id: ObjectId, path: string, port: ServicePort, pods: readonly Pod[]): Fix {
  const target = targetPortMeant(port, pods);
  if (target === undefined) {
    return {
      text: `Name the container port ${port.targetPort} in the pod template, or set targetPort to a port that the pods declare`,
    };
  }
  return {
    text: `Set targetPort to ${target}, which ${pods.length === 1 ? "the pod declares" : "all pods declare"}`,
    patch: jsonPatch(id, { op: "replace", path: pointer(path), value: target }),
  };
}

/** The number or name that a named target port most likely means; undefined where nothing is near. */
export function targetPortMeant(port: ServicePort, pods: readonly Pod[]): number | string | undefined {
  const declared = pods.map((pod) => declaredPorts(pod).filter(({ protocol }) => protocol === port.protocol));
  const common = (key: (declared: ContainerPort) => number | string | undefined) =>
    [...new Set((declared[0] ?? []).map(key).filter((value) => value !== undefined))].filter((value) =>
      declared.every((ports) => ports.some((candidate) => key(candidate) === value)),
    );
  const names = common(({ name }) => name).map(String);
  const numbers = common(({ containerPort }) => containerPort);
  return (
    nearestOf(`${port.targetPort}`, names) ??
    (numbers.length === 1 ? (names.length === 1 ? names[0] : numbers[0]) : undefined)
  );
}

/** Ports of containers that run beside each other; an init container's are gone when the pod serves. */
function declaredPorts(pod: Pod): readonly ContainerPort[] {
  return pod.containers.filter(({ role }) => role !== "init").flatMap(({ ports }) => ports);
}
