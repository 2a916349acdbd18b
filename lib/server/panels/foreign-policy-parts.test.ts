import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/engine/facts.ts";
import { objectId, parseObjectId } from "#lib/model/ids.ts";
import { type ObjectPanel, objectPanelSchema } from "#lib/protocol/panel.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { objectPanel } from "./object-panel.ts";

/** It must parse strictly, whatever the test is about. */
function panelOf(facts: Facts, id: string): ObjectPanel {
  const ref = parseObjectId(id);
  if (ref === undefined) throw new Error(`${id} is no id`);
  const panel = objectPanel(facts, [], objectId(ref.kind, ref.namespace, ref.name));
  if (panel === undefined) throw new Error(`there is no ${id}`);
  expect(objectPanelSchema.parse(JSON.parse(JSON.stringify(panel)))).toEqual(panel);
  return panel;
}

const valueIn = (panel: ObjectPanel, label: string) =>
  panel.facts.find((fact) => fact.label === label)?.value;
const rowsOf = (panel: ObjectPanel) => panel.related.map(({ id, relation }) => `${id} ${relation}`);

const namespace = (name: string, labels: string) =>
  `{kind: Namespace, apiVersion: v1, metadata: {name: ${name}, labels: {${labels}}}}`;
const pod = (space: string, name: string, labels: string, phase = "Running") =>
  `{kind: Pod, apiVersion: v1, metadata: {name: ${name}, namespace: ${space}, labels: {${labels}}}, spec: {containers: [{name: c}]}, status: {phase: ${phase}, conditions: [{type: Ready, status: "${phase === "Running" ? "True" : "False"}"}]}}`;

const cluster = [
  namespace("shop", "env: prod"),
  namespace("pay", "env: test"),
  pod("shop", "web", "app: web"),
  pod("shop", "db", "app: db"),
  pod("shop", "done", "app: web", "Succeeded"),
  pod("pay", "web", "app: web"),
];
const factsOf = (...more: readonly string[]) => factsFromYaml([...cluster, ...more].join("\n---\n"));

const cilium = (spec: string) =>
  `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, spec: ${spec}}`;
const calico = (spec: string) =>
  `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: p}, spec: ${spec}}`;

describe("the panel of a policy that is not evaluated", () => {
  it("says whom it may concern, and that what they may do is unknown", () => {
    const facts = factsOf(cilium("{endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}"));
    const panel = panelOf(facts, "cilium-network-policy/shop/p");
    expect(panel).toMatchObject({
      kind: "CiliumNetworkPolicy",
      health: "unknown",
      sentence:
        "Its rules are not evaluated, so whether ingress of 1 pod of 1 workload is allowed is unknown",
      kubectl: "kubectl -n shop describe ciliumnetworkpolicy p",
    });
    expect(valueIn(panel, "may concern")).toBe("pods with app=web of shop");
    expect(valueIn(panel, "directions")).toBe("ingress");
    expect(valueIn(panel, "effect")).toBe(
      "can close what NetworkPolicies leave open, and open what they close",
    );
    expect(rowsOf(panel)).toEqual(["pod/shop/web its pods may be concerned"]);
  });

  it.each([
    ["{}", "every pod of every namespace", 3],
    ["{namespaceSelector: env == 'prod'}", "every pod of namespaces with env=prod", 2],
    ["{selector: app == 'web', namespaceSelector: all()}", "pods with app=web of every namespace", 2],
    ["{selector: global()}", "any pod of every namespace: whom it selects is not read in full", 3],
  ])("of all namespaces, of %s, concerns %s", (spec, whom, count) => {
    const panel = panelOf(factsOf(calico(spec)), "calico-global-network-policy/p");
    expect(valueIn(panel, "may concern")).toBe(whom);
    expect(panel.sentence).toContain(`ingress and egress of ${count} pods of ${count} workloads are allowed`);
    expect(panel.related).toHaveLength(count);
  });

  it("names its group, and itself to kubectl, where other kinds are spelled like it", () => {
    const facts = factsOf(
      "{apiVersion: crd.antrea.io/v1beta1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {}}",
    );
    const panel = panelOf(facts, "antrea-network-policy/shop/p");
    expect(panel.kind).toBe("NetworkPolicy");
    expect(valueIn(panel, "API group")).toBe("crd.antrea.io");
    expect(panel.kubectl).toBe("kubectl -n shop describe networkpolicies.crd.antrea.io p");
  });

  it("says of one that can only close that it opens nothing", () => {
    const facts = factsOf(
      "{apiVersion: k8s.ovn.org/v1, kind: EgressFirewall, metadata: {name: default, namespace: shop}, spec: {}}",
    );
    const panel = panelOf(facts, "egress-firewall/shop/default");
    expect(valueIn(panel, "effect")).toBe("can close what other policies leave open");
    expect(panel.sentence).toContain("whether egress of 2 pods");
  });

  it("says that it concerns no pod, as far as pods were read", () => {
    const nobody = cilium("{endpointSelector: {matchLabels: {app: nobody}}, ingress: [{}]}");
    expect(panelOf(factsOf(nobody), "cilium-network-policy/shop/p")).toMatchObject({
      health: "unknown",
      sentence: "Its rules are not evaluated, and it concerns no pod at the moment",
    });
    expect(panelOf(factsFromYaml(nobody, "dump"), "cilium-network-policy/shop/p").sentence).toBe(
      "Its rules are not evaluated, and pods could not be read",
    );
  });

  it("counts pods of a namespace whose labels are not given", () => {
    const facts = factsFromYaml(
      [pod("shop", "web", "app: web"), calico("{namespaceSelector: env == 'prod', types: [Egress]}")].join(
        "\n---\n",
      ),
    );
    expect(panelOf(facts, "calico-global-network-policy/p").sentence).toContain("egress of 1 pod");
  });

  it("stands in its namespace's panel", () => {
    const facts = factsOf(cilium("{endpointSelector: {}, ingress: [{}]}"), calico("{}"));
    expect(rowsOf(panelOf(facts, "namespace/shop"))).toContain(
      "cilium-network-policy/shop/p its rules are not evaluated",
    );
    expect(rowsOf(panelOf(facts, "namespace/pay")).join(" ")).not.toContain("not evaluated");
  });
});
