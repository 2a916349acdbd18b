import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Protocol, Service } from "#lib/model/objects.ts";
import { defineCheck } from "../../check.ts";
import { olderFirst } from "../../older-first.ts";

interface Claim {
  readonly service: Service;
  readonly protocol: Protocol;
  readonly number: number;
  readonly path: string;
  /** "port 80", "its health check". */
  readonly words: string;
}

export const serviceNodePortConflict = defineCheck({
  id: "service/node-port-conflict",
  code: "NET-113",
  severity: "error",
  summary: "Two Services claim the same node port",
  inputs: ["services"],
  *find({ services, origin }) {
    const claims = services.flatMap(({ service }) => claimsOf(service));
    const byPort = Map.groupBy(claims, ({ number, protocol }) => `${number}/${protocol}`);
    for (const claimed of byPort.values()) {
      // A sort keeps the order of one Service's own claims.
      const [first, ...others] = claimed.toSorted((a, b) => olderFirst(a.service, b.service));
      if (first === undefined) continue;
      for (const claim of others) {
        const { service, number, protocol, path, words } = claim;
        const owner =
          first.service === service ? "itself" : `${first.service.namespace}/${first.service.name}`;
        yield {
          subject: service.id,
          part: path,
          // What manifests claim, the API server would refuse.
          severity: origin === "manifests" ? "warning" : "error",
          message: `Node port ${number}/${protocol} of ${service.name} (${words}) is claimed by ${owner} as well (${first.words})`,
          evidence: [claim, first].map((each) => ({
            object: each.service.id,
            path: each.path,
            value: `${each.number}`,
          })),
          fix: fixClaim(claim),
          kubectl: kubectl(
            undefined,
            "get",
            "services",
            "-A",
            "-o",
            "custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,NODEPORTS:.spec.ports[*].nodePort,HEALTH:.spec.healthCheckNodePort",
          ),
          touches: [first.service.id],
        };
      }
    }
  },
});

function claimsOf(service: Service): readonly Claim[] {
  if (service.type !== "NodePort" && service.type !== "LoadBalancer") return [];
  const claims = service.ports.flatMap(({ nodePort, port, protocol }, index): readonly Claim[] =>
    nodePort === undefined
      ? []
      : [
          {
            service,
            protocol,
            number: nodePort,
            path: `spec.ports[${index}].nodePort`,
            words: `port ${port}`,
          },
        ],
  );
  const number = service.healthCheckNodePort;
  if (number === undefined) return claims;
  const path = "spec.healthCheckNodePort";
  return [...claims, { service, protocol: "TCP", number, path, words: "its health check" }];
}

function fixClaim({ service: { id, name }, path, words }: Claim): Fix {
  if (path === "spec.healthCheckNodePort")
    return {
      text: `Delete ${name} and create it anew without healthCheckNodePort, so that a free one is chosen: it cannot be changed`,
    };
  return {
    text: `Leave nodePort of ${words} of ${name} out, so that a free one is chosen`,
    patch: jsonPatch(id, { op: "remove", path: pointer(path) }),
  };
}
