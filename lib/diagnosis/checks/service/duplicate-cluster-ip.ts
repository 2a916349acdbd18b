import { parseAddress } from "#lib/engine/cidr.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { portInWords } from "#lib/engine/ports.ts";
import type { Service } from "#lib/model/objects.ts";
import { defineCheck } from "../../check.ts";
import { olderFirst } from "../../older-first.ts";

export const serviceDuplicateClusterIp = defineCheck({
  id: "service/duplicate-cluster-ip",
  code: "NET-112",
  severity: "error",
  summary: "Two Services have the same cluster IP",
  inputs: ["services"],
  *find({ services, origin }) {
    for (const sharing of byAddress(services.map(({ service }) => service))) {
      const [first, ...others] = sharing.toSorted((a, b) => olderFirst(a.service, b.service));
      if (first === undefined) continue;
      const older = first.service;
      for (const { service, index, ip } of others) {
        const { id, name, namespace, ports } = service;
        const both = ports.filter((port) =>
          older.ports.some((each) => each.port === port.port && each.protocol === port.protocol),
        );
        yield {
          subject: id,
          part: `spec.clusterIPs[${index}]`,
          // Where they share no port, kube-proxy tells them apart by that; and manifests the API server would refuse.
          severity: both.length > 0 && origin !== "manifests" ? "error" : "warning",
          message: `${name} has the cluster IP ${ip}, which ${older.namespace}/${older.name} has as well${
            both.length === 0 ? "" : `, and both take port ${listedUpTo(both.map(portInWords), 3)}`
          }`,
          evidence: [service, older].map((each) => ({
            object: each.id,
            path: "spec.clusterIPs",
            value: each.clusterIPs.join(", "),
          })),
          fix: {
            text:
              origin === "manifests"
                ? `Leave clusterIP out of ${name}, so that a free one is chosen`
                : `Delete ${name} and create it anew without a clusterIP, so that a free one is chosen: it cannot be changed`,
          },
          kubectl: kubectl(namespace, "get", "services", "-A", "--field-selector", `spec.clusterIP=${ip}`),
          touches: [older.id],
        };
      }
    }
  },
});

interface Held {
  readonly service: Service;
  readonly index: number;
  readonly ip: string;
}

/** Cluster IPs that are the same, however they are spelled; headless Services have none. */
function byAddress(services: readonly Service[]): Iterable<readonly Held[]> {
  const held = services.flatMap((service) =>
    service.clusterIPs.flatMap((ip, index) => {
      const address = parseAddress(ip);
      return address === undefined ? [] : [{ key: `${address.family} ${address.start}`, service, index, ip }];
    }),
  );
  return Map.groupBy(held, ({ key }) => key).values();
}
