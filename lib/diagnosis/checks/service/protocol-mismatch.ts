import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { listed } from "#lib/engine/object-words.ts";
import { isTerminating } from "#lib/engine/pod-readiness.ts";
import { declarationOf } from "#lib/engine/port-declaration.ts";
import { isHeadless } from "#lib/engine/ports.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Protocol, Service } from "#lib/model/objects.ts";
import { defineCheck, unjudged } from "../../check.ts";

export const serviceProtocolMismatch = defineCheck({
  id: "service/protocol-mismatch",
  code: "NET-107",
  // No error: a container may listen on what it does not declare.
  severity: "warning",
  summary: "A Service sends one protocol to a port that its pods declare for another",
  inputs: ["services", "pods"],
  *find({ services, unread, ownerOf }) {
    for (const { service, selected, ports } of services) {
      // Clients of a headless Service choose port and protocol themselves.
      if (isHeadless(service)) continue;
      for (const [index, { port, targets }] of ports.entries()) {
        const { targetPort, protocol } = port;
        // A name that is declared for another protocol is not found at all: NET-104.
        if (typeof targetPort === "string" || targets.some(({ declared }) => declared)) continue;
        const pods = selected.filter((pod) => !isTerminating(pod));
        const says = pods.map((pod) => ({ pod, says: declarationOf(pod, targetPort, protocol) }));
        const others = says.flatMap(({ pod, says }) =>
          says.kind === "other-protocol" ? [{ pod, ...says }] : [],
        );
        if (pods.length === 0 || others.length < pods.length) continue;
        // Pods that were not read may declare it.
        if (unread.includes("pods")) {
          yield unjudged("pods");
          continue;
        }
        const { id, name, namespace, selector } = service;
        const declared = [...new Set(others.flatMap(({ protocols }) => protocols))].sort();
        const path = `spec.ports[${index}].protocol`;
        yield {
          subject: id,
          part: path,
          severity: isBoth(service, targetPort, declared) ? "info" : "warning",
          message: `Port ${port.port} of ${name} sends ${protocol} to ${targetPort}, which ${
            pods.length === 1 ? "its only pod declares" : `its ${pods.length} pods declare`
          } for ${listed(declared)} only`,
          evidence: [
            { object: id, path, value: protocol },
            ...others.slice(0, 3).map(({ pod, container, protocols }) => ({
              object: pod.id,
              path: `spec.containers[${container}].ports`,
              value: protocols.map((each) => `${targetPort}/${each}`).join(", "),
            })),
          ],
          fix: fixProtocol(service, index, targetPort, declared),
          kubectl: kubectl(
            namespace,
            "get",
            "pods",
            "-l",
            labelsArgument(selector),
            "-o",
            "custom-columns=POD:.metadata.name,PORTS:.spec.containers[*].ports[*].containerPort,PROTOCOLS:.spec.containers[*].ports[*].protocol",
          ),
          touches: pods.flatMap((pod) => ownerOf.get(pod.id) ?? []),
        };
      }
    }
  },
});

/** A Service that offers the number for both (DNS, HTTP/3, SIP) means it; then one declaration was left out. */
function isBoth({ ports }: Service, number: number, declared: readonly Protocol[]): boolean {
  return ports.some(({ targetPort, protocol }) => targetPort === number && declared.includes(protocol));
}

function fixProtocol(service: Service, index: number, number: number, declared: readonly Protocol[]): Fix {
  const { id, ports } = service;
  const asked = ports[index];
  const [meant, ...more] = declared;
  const declare = `declare ${number} for ${asked?.protocol} in the pod template if the program takes it`;
  const isTaken = ports.some(({ port, protocol }) => port === asked?.port && protocol === meant);
  if (meant === undefined || more.length > 0 || isTaken)
    return { text: `Remove the port from the Service, or ${declare}` };
  return {
    text: `Set the port's protocol to ${meant}, or ${declare}`,
    // `add` also sets one that was left out.
    patch: jsonPatch(id, { op: "add", path: pointer(`spec.ports[${index}].protocol`), value: meant }),
  };
}
