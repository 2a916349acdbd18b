import { expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { isInternalLoadBalancer } from "./internal-load-balancer.ts";

const balancer = (addresses: string, annotations = "") => `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, annotations: { ${annotations} } }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
status: { loadBalancer: { ingress: [${addresses}] } }
`;

it.each([
  ["a private address", balancer("{ ip: 10.0.0.7 }"), true],
  ["a public address", balancer("{ ip: 203.0.113.7 }"), false],
  ["one of each", balancer("{ ip: 10.0.0.7 }, { ip: 203.0.113.7 }"), false],
  ["a name that says so", balancer("{ hostname: internal-web.elb.example.com }"), true],
  ["another name", balancer("{ hostname: web.elb.example.com }"), false],
  ["no address yet", balancer(""), false],
  [
    "an annotation for its cloud",
    balancer("{ hostname: web.elb.example.com }", "networking.gke.io/load-balancer-type: Internal"),
    true,
  ],
  [
    "an annotation that asks for one outside",
    balancer("{ ip: 203.0.113.7 }", 'service.beta.kubernetes.io/azure-load-balancer-internal: "false"'),
    false,
  ],
])("tells by %s", (_, yaml, internal) => {
  const [service] = snapshotFromYaml(yaml).objects.services ?? [];
  expect(service === undefined ? undefined : isInternalLoadBalancer(service)).toBe(internal);
});
