import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { fixTargetPort } from "#lib/engine/fix/target-port-fix.ts";
import { counted } from "#lib/engine/object-words.ts";
import { defineCheck } from "../../check.ts";

export const serviceTargetPortNameUnresolved = defineCheck({
  id: "service/target-port-name-unresolved",
  code: "NET-104",
  severity: "error",
  summary: "A Service's named targetPort is declared by none, or only some, of its pods",
  inputs: ["services", "pods"],
  *find({ services, ownerOf }) {
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
          touches: selected.flatMap((pod) => ownerOf.get(pod.id) ?? []),
        };
      }
    }
  },
});

function whoLacks(unresolved: number, all: number): string {
  if (unresolved < all) return `${unresolved} of its ${all} pods ${unresolved === 1 ? "does" : "do"} not`;
  return all === 1 ? "its only pod does not" : `none of its ${counted(all, "pod")}`;
}
