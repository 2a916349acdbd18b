import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { isTerminating } from "#lib/engine/pod-readiness.ts";
import { declarationOf } from "#lib/engine/port-declaration.ts";
import { isHeadless, portInWords } from "#lib/engine/ports.ts";
import { declaredPorts } from "#lib/engine/target-port.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Pod, Service, ServicePort } from "#lib/model/objects.ts";
import { defineCheck, unjudged } from "../../check.ts";

export const serviceTargetPortUndeclared = defineCheck({
  id: "service/target-port-undeclared",
  code: "NET-106",
  // Declaring a port is optional, so this is a hint and no proof.
  severity: "info",
  summary: "A Service leads to a port number that none of its pods declares",
  inputs: ["services", "pods"],
  *find({ services, unread, ownerOf }) {
    for (const { service, selected, ports } of services) {
      // Clients of a headless Service choose the port themselves.
      if (isHeadless(service)) continue;
      for (const [index, { port, targets, nearMiss }] of ports.entries()) {
        const { targetPort } = port;
        if (typeof targetPort === "string" || targets.some(({ declared }) => declared)) continue;
        const pods = selected.filter((pod) => !isTerminating(pod));
        const says = pods.map((pod) => declarationOf(pod, targetPort, port.protocol).kind);
        // For another protocol: NET-107.
        if (pods.length === 0 || says.some((each) => each !== "other-numbers")) continue;
        // Pods that were not read may declare it.
        if (unread.includes("pods")) {
          yield unjudged("pods");
          continue;
        }
        const { id, name, namespace, selector } = service;
        const path = `spec.ports[${index}].targetPort`;
        yield {
          subject: id,
          part: path,
          message: `Port ${portInWords(port)} of ${name} leads to ${targetPort}, which ${
            pods.length === 1 ? "its only pod does not declare" : `none of its ${pods.length} pods declares`
          }`,
          evidence: [{ object: id, path, value: `${targetPort}` }],
          nearMiss,
          fix: fixUndeclared(service, path, port, targetPort, pods),
          kubectl: kubectl(
            namespace,
            "get",
            "pods",
            "-l",
            labelsArgument(selector),
            "-o",
            "custom-columns=POD:.metadata.name,PORTS:.spec.containers[*].ports[*].containerPort",
          ),
          touches: pods.flatMap((pod) => ownerOf.get(pod.id) ?? []),
        };
      }
    }
  },
});

/** Declaring the number restarts the pods; a patch of the Service is offered only where one other port can be meant. */
function fixUndeclared(
  { id, ports }: Service,
  path: string,
  port: ServicePort,
  number: number,
  pods: readonly Pod[],
): Fix {
  const declare = `if it listens on ${number}, declare that in the pod template`;
  const declared = pods.map((pod) =>
    declaredPorts(pod).flatMap((found) =>
      found.port.protocol === port.protocol ? found.port.containerPort : [],
    ),
  );
  const [meant, ...more] = [...new Set(declared.flat())];
  const isTaken = ports.some(({ targetPort }) => targetPort === meant);
  if (meant === undefined || more.length > 0 || isTaken || declared.some(({ length }) => length === 0))
    return { text: `Set targetPort to the port that the program listens on; ${declare}` };
  return {
    text: `Set targetPort to ${meant} if that is what the program listens on; ${declare}`,
    // `add` also sets one that was left out.
    patch: jsonPatch(id, { op: "add", path: pointer(path), value: meant }),
  };
}
