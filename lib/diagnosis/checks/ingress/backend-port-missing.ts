import { fixIngressPort, serviceInWords } from "#lib/engine/fix/backend-fix.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { answersByItself, requestsOf } from "../../backend-words.ts";
import { defineCheck } from "../../check.ts";

export const ingressBackendPortMissing = defineCheck({
  id: "ingress/backend-port-missing",
  code: "NET-202",
  severity: "error",
  summary: "An Ingress sends requests to a port that its Service does not have",
  inputs: ["ingresses", "services"],
  *find({ ingresses, objects }) {
    const services = new Map(objects.services.map((service) => [service.id, service]));
    for (const { ingress, backends } of ingresses) {
      for (const backend of backends) {
        if (backend.state !== "port-missing" || backend.service === undefined || answersByItself(backend))
          continue;
        const { id, namespace } = ingress;
        const name = serviceInWords(backend.service, namespace);
        yield {
          subject: id,
          part: backend.path,
          message: `Requests for ${requestsOf(backend)} go to port ${backend.servicePort ?? "(none)"} of ${name}, which has no such port`,
          evidence: [backend.evidence],
          nearMiss: backend.nearMiss,
          fix: fixIngressPort(ingress, backend, services.get(backend.service), name),
          kubectl: kubectlGet(backend.service),
          touches: [backend.service],
        };
      }
    }
  },
});
