import type { IngressFacts } from "#lib/engine/facts.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { Ingress, IngressClass, Workload } from "#lib/model/objects.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found } from "../../check.ts";

export const ingressNoController = defineCheck({
  id: "ingress/no-controller",
  code: "NET-204",
  severity: "error",
  summary: "The controller of an IngressClass runs nowhere in the cluster, so nobody serves its Ingresses",
  inputs: ["ingresses", "ingressClasses", "pods"],
  // A controller that is scaled to 0 explains it.
  ifRead: workloadPlurals,
  *find({ ingresses, objects, origin, unread, controllerPresence }) {
    const users = usersOf(ingresses);
    for (const ingressClass of objects.ingressClasses) {
      const using = users.get(ingressClass.id);
      if (using === undefined) continue;
      const presence = yield* controllerPresence(ingressClass.controller);
      // A controller that is not known here may be a vendor's own, or a cloud's, which runs outside.
      if (presence.kind !== "runs-nowhere") continue;
      if (unread.includes("pods")) yield { unjudged: ["pods"] };
      else if (origin === "manifests") {
        const why = `The manifests hold no pods of ${ingressClass.controller}.`;
        yield { unjudged: ["pods"], why };
      } else yield noController(ingressClass, using, presence.idle);
    }
  },
});

function usersOf(ingresses: readonly Pick<IngressFacts, "ingress" | "class">[]) {
  const users = new Map<IngressClass["id"], Ingress[]>();
  for (const { ingress, class: found } of ingresses) {
    if (found.state !== "found") continue;
    const list = users.get(found.class.id);
    if (list === undefined) users.set(found.class.id, [ingress]);
    else list.push(ingress);
  }
  return users;
}

function noController(
  { id, name, controller }: IngressClass,
  using: readonly Ingress[],
  idle: readonly Workload[],
): Found {
  const [stopped] = idle;
  const served = using.filter(({ loadBalancer = [] }) => loadBalancer.length > 0);
  const ids = using.map((ingress) => ingress.id).sort();
  const names = listedUpTo(using.map(({ namespace, name: own }) => `${namespace}/${own}`).sort(), 3);
  // Only controllers write addresses: it may run elsewhere, or did run here.
  const old =
    served.length === 0
      ? ""
      : "; the addresses in their status are from one that ran once, or runs elsewhere";
  return {
    subject: id,
    severity: served.length === 0 ? "error" : "warning",
    message: `No pod of ${controller}, the controller of IngressClass ${name}, runs in the cluster, and ${names} ${using.length === 1 ? "depends" : "depend"} on it${old}`,
    evidence: [
      { object: id, path: "spec.controller", value: controller },
      ...(stopped === undefined ? [] : [{ object: stopped.id, path: "spec.replicas", value: "0" }]),
    ],
    nearMiss:
      stopped === undefined
        ? undefined
        : `${objectInWords(stopped.id)} in ${stopped.namespace} is scaled to 0`,
    fix: {
      text:
        stopped === undefined
          ? `Install ${controller}, or name the class of a controller that runs in its Ingresses`
          : `Scale ${objectInWords(stopped.id)} in ${stopped.namespace} up`,
    },
    kubectl:
      stopped === undefined
        ? kubectl(undefined, "describe", "ingressclass", name)
        : kubectl(stopped.namespace, "get", ...objectInWords(stopped.id).split("/")),
    touches: [...ids, ...idle.map((workload) => workload.id)],
  };
}
