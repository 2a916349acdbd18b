import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { reachOf } from "#lib/testing/ask-reach.ts";
import { namespace, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import type { Dialect } from "../policy/dialect.ts";

const spec = "hostNetwork: true";
const web = service("shop/web");
const plain = pod("shop/web-0", { ports: "80", ips: ["10.0.0.1"] });
const onHost = pod("shop/web-1", { ports: "80", ips: ["192.168.0.1"], spec });
const deny = policy("shop/deny", "podSelector: {}\npolicyTypes: [Ingress, Egress]");

function notesOf(
  yaml: string,
  hostNetworkPods: Dialect["hostNetworkPods"],
  asked = "to shop/service/web",
): readonly string[] {
  return reachOf(worldFromYaml(namespace("shop") + web + yaml, "cluster", { hostNetworkPods }), asked).notes;
}

describe("pods on their node's network among others (docs/spec/policy.md, 6.3)", () => {
  it.each([
    [
      "that no policy binds them",
      "as-node",
      ["1 pod of 2 is on the node's network, where no policy binds it"],
    ],
    [
      "that nobody knows whether policies bind them",
      "undefined",
      ["1 pod of 2 is on the node's network, where it is not defined whether policies bind it"],
    ],
    ["nothing where they are pods like any other", "as-pod", []],
  ] as const)("are noted: %s", (_what, hostNetworkPods, notes) => {
    expect(notesOf(plain + onHost + deny, hostNetworkPods)).toEqual(notes);
  });

  it("are counted", () => {
    const more = onHost + pod("shop/web-2", { ips: ["192.168.0.2"], spec });
    expect(notesOf(plain + more + deny, "as-node")).toEqual([
      "2 pods of 3 are on the node's network, where no policy binds them",
    ]);
  });

  it.each([
    ["no policy selects them", plain + onHost],
    [
      "a policy selects the others only",
      `${plain}${onHost.replace('app: "web"', 'app: "web", own: "1"')}${policy("shop/p", "podSelector: { matchExpressions: [{ key: own, operator: DoesNotExist }] }")}`,
    ],
    ["all of them are there, which each line then says", onHost + deny],
    ["none of them is", plain + deny],
  ])("are not noted where %s", (_what, yaml) => {
    expect(notesOf(yaml, "as-node")).toEqual([]);
  });

  it("are noted for what they send by policies over what they send", () => {
    const set = `
kind: StatefulSet
apiVersion: apps/v1
metadata: { name: web, namespace: shop }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app }] } } }
---`;
    const owned =
      pod("shop/web-0", { owner: "StatefulSet/web" }) + pod("shop/web-1", { owner: "StatefulSet/web", spec });
    const noted = ["1 pod of 2 is on the node's network, where no policy binds it"];
    const egress = policy("shop/out", "podSelector: {}\npolicyTypes: [Egress]");
    expect(notesOf(set + owned + egress, "as-node", "from shop/statefulset/web")).toEqual(noted);
    expect(notesOf(set + owned + egress, "as-node", "to shop/statefulset/web")).toEqual([]);
  });
});
