import { nearestOf } from "#lib/engine/near-words.ts";
import { counted } from "#lib/engine/object-words.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { ContainerPort, Pod, ServicePort } from "#lib/model/objects.ts";
import { defineCheck } from "../../check.ts";
import { kubectl, labelsArgument } from "../../kubectl.ts";
import { jsonPatch, pointer } from "../../patch.ts";

export const serviceTargetPortNameUnresolved = defineCheck({
  id: "service/target-port-name-unresolved",
  code: "NET-104",
  severity: "error",
  summary: "A Service's named targetPort is declared by none, or only some, of its pods",
  inputs: ["services", "pods"],
  *find({ services, workloads }) {
    const owners = new Map(
      [...workloads.values()].flatMap(({ id, pods }) => pods.map((pod) => [pod.id, id] as const)),
    );
    for (const { service, backing, selected, ports } of services) {
      if (backing !== "selector" || selected.length === 0) continue;
      for (const [index, { port, targets, unresolved, nearMiss }] of ports.entries()) {
        // A number that no container declares is no fault: `containerPort` only informs.
        if (typeof port.targetPort === "number" || unresolved === 0) continue;
        const all = targets.reduce((sum, target) => sum + target.pods, 0);
        const { id, name, namespace, selector } = service;
        const path = `spec.ports[${index}].targetPort`;
        yield {
          subject: id,
          part: path,
          severity: unresolved === all ? "error" : "warning",
          message: `Port ${port.port} of ${name} leads to the port name ${port.targetPort}, which ${whoLacks(unresolved, all)} declare`,
          evidence: [{ object: id, path, value: port.targetPort }],
          nearMiss,
          fix: fixTargetPort(id, path, port, selected),
          kubectl: kubectl(
            namespace,
            "get",
            "pods",
            "-l",
            labelsArgument(selector),
            "-o",
            "custom-columns=POD:.metadata.name,PORTS:.spec.containers[*].ports[*].name",
          ),
          touches: selected.flatMap((pod) => owners.get(pod.id) ?? []),
        };
      }
    }
  },
});

function whoLacks(unresolved: number, all: number): string {
  if (unresolved < all) return `${unresolved} of its ${all} pods ${unresolved === 1 ? "does" : "do"} not`;
  return all === 1 ? "its only pod does not" : `none of its ${counted(all, "pod")}`;
}

/** A port that every selected pod declares: the one whose name is closest, else the only one there is. */
function fixTargetPort(id: ObjectId, path: string, port: ServicePort, pods: readonly Pod[]): Fix {
  const declared = pods.map((pod) => declaredPorts(pod).filter(({ protocol }) => protocol === port.protocol));
  const common = (key: (declared: ContainerPort) => number | string | undefined) =>
    [...new Set((declared[0] ?? []).map(key).filter((value) => value !== undefined))].filter((value) =>
      declared.every((ports) => ports.some((candidate) => key(candidate) === value)),
    );
  const names = common(({ name }) => name).map(String);
  const numbers = common(({ containerPort }) => containerPort);
  const target =
    nearestOf(`${port.targetPort}`, names) ??
    (numbers.length === 1 ? (names.length === 1 ? names[0] : numbers[0]) : undefined);
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

/** Ports of containers that run beside each other; an init container's are gone when the pod serves. */
function declaredPorts(pod: Pod): readonly ContainerPort[] {
  return pod.containers.filter(({ role }) => role !== "init").flatMap(({ ports }) => ports);
}
