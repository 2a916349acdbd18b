import { expect, it } from "vitest";
import { base, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { worldOf } from "../trace/world.ts";
import { internetVerdict } from "./internet-verdict.ts";

function verdict(...more: readonly string[]) {
  const web = pod("shop/web-1", { ips: ["10.244.1.7"], node: "node-1", ports: "8080" });
  const facts = factsFromYaml(base + web + service("shop/web", { ports: "80:8080" }) + more.join(""));
  const found = [...facts.services.values()].find((each) => each.service.name === "web");
  const [port] = found?.service.ports ?? [];
  if (found?.selected === undefined || port === undefined) throw new Error("no Service web");
  return internetVerdict(worldOf(facts), found.selected, port);
}

const over = (ingress: string) =>
  policy("shop/web", `podSelector: { matchLabels: { app: web } }\npolicyTypes: [Ingress]\n${ingress}`);

it.each([
  ["no policy", "", { is: "open", isolated: false }],
  ["a policy that lets everybody in", over("ingress: [{}]"), { is: "open", isolated: true }],
  [
    "all addresses but private ones",
    over("ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }] }]"),
    { is: "open", isolated: true },
  ],
  ["some addresses", over("ingress: [{ from: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }]"), { is: "shut" }],
  ["pods alone", over("ingress: [{ from: [{ podSelector: {} }] }]"), { is: "shut" }],
  ["the Service's port in place of the pod's", over("ingress: [{ ports: [{ port: 80 }] }]"), { is: "shut" }],
])("asks policies about the internet at large: %s", (_, yaml, expected) => {
  expect(verdict(yaml)).toEqual(expected);
});

it("is open where any of the pods is", () => {
  const other = pod("shop/web-2", { labels: "app=web,open=yes", ips: ["10.244.2.7"], node: "node-2" });
  const closed = over("ingress: []");
  const opened = policy(
    "shop/open",
    "podSelector: { matchLabels: { open: yes } }\npolicyTypes: [Ingress]\ningress: [{}]",
  ).replace("open: yes", 'open: "yes"');
  expect(verdict(closed).is).toBe("shut");
  expect(verdict(closed, opened, other)).toEqual({ is: "open", isolated: true });
});

it("cannot tell where a policy of a kind that is not evaluated may decide otherwise", () => {
  const cilium = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: web, namespace: shop }
spec: { endpointSelector: { matchLabels: { app: web } }, ingress: [{ fromEndpoints: [{}] }] }
---`;
  expect(verdict(cilium)).toMatchObject({ is: "undecided", doubts: [{ code: "policy-foreign" }] });
});
