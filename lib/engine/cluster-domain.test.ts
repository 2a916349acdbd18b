import { expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { clusterDomain } from "./cluster-domain.ts";

const corefile = (zones: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        errors
        kubernetes ${zones} {
           pods insecure
        }
        forward . /etc/resolv.conf
    }`;

it.each([
  [corefile("cluster.local in-addr.arpa ip6.arpa"), "cluster.local"],
  [corefile("in-addr.arpa k8s.acme.test."), "k8s.acme.test"],
  ["", "cluster.local"],
])("reads the domain that CoreDNS serves, else the usual one", (yaml, domain) => {
  expect(clusterDomain(snapshotFromYaml(yaml))).toBe(domain);
});
