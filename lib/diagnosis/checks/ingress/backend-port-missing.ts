import { answersByItself, portMeant, requestsOf, serviceInWords } from "../../backend-words.ts";
import { defineCheck } from "../../check.ts";
import { kubectlGet } from "../../kubectl.ts";
import { jsonPatch, pointer } from "../../patch.ts";

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
        const port = portMeant(services.get(backend.service), backend.servicePort);
        yield {
          subject: id,
          part: backend.path,
          message: `Requests for ${requestsOf(backend)} go to port ${backend.servicePort ?? "(none)"} of ${name}, which has no such port`,
          evidence: [backend.evidence],
          nearMiss: backend.nearMiss,
          fix:
            port === undefined
              ? { text: `Name a port that ${name} has, or add the port to ${name}` }
              : {
                  text: `Send the requests to port ${port.number} of ${name}`,
                  patch: jsonPatch(id, {
                    op: "replace",
                    path: pointer(backend.path, "service", "port"),
                    // A port is named or numbered, never both.
                    value:
                      typeof backend.servicePort === "string" && port.name !== undefined
                        ? { name: port.name }
                        : { number: port.number },
                  }),
                },
          kubectl: kubectlGet(backend.service),
          touches: [backend.service],
        };
      }
    }
  },
});
