import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { inOneGo } from "./in-one-go.ts";
import { controllerPods, controllerPresence, isEntryProxy, takerOfClassless } from "./ingress-controllers.ts";

const pod = (name: string, labels: string, args = "", namespace = "edge") => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { containers: [{ name: controller, args: [${args}] }] }`;

const nginx = "app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller";

function namesOf(yaml: string, controller: string) {
  const { index } = factsFromYaml(yaml);
  return controllerPods(index, controller)?.pods.map(({ name }) => name);
}

describe("the pods of a class's controller", () => {
  it("are those that carry the labels of its makers", () => {
    expect(namesOf(pod("a", nginx) + pod("b", "app: web"), "k8s.io/ingress-nginx")).toEqual(["a"]);
  });

  it("are those that run with its name, where several of a kind are told apart by that", () => {
    const yaml = pod("a", nginx) + pod("b", nginx, "--controller-class=k8s.io/internal");
    expect(namesOf(yaml, "k8s.io/internal")).toEqual(["b"]);
    expect(namesOf(yaml, "k8s.io/ingress-nginx")).toEqual(["a"]);
    // By the old annotation's name nothing tells them apart.
    expect(namesOf(yaml, "nginx")).toEqual(["a", "b"]);
  });

  it("are not found for a controller that is not known, or runs nowhere", () => {
    expect(namesOf(pod("a", nginx), "example.com/own")).toBeUndefined();
    expect(namesOf(pod("a", nginx), "traefik.io/ingress-controller")).toBeUndefined();
  });
});

it("tells pods that are there to take requests from outside by their labels", () => {
  const yaml =
    pod("controller", nginx) +
    pod("gateway", "gateway.networking.k8s.io/gateway-name: public") +
    pod("web", "app.kubernetes.io/name: web") +
    pod("webhook", "app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: admission-webhook");
  const pods = factsFromYaml(yaml).snapshot.objects.pods ?? [];
  expect(pods.filter(isEntryProxy).map(({ name }) => name)).toEqual(["controller", "gateway"]);
});

describe("a class's controller", () => {
  const workload = `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: nginx, namespace: edge }
spec: { replicas: 0, template: { metadata: { labels: { ${nginx} } }, spec: { containers: [{ name: a }] } } }`;
  it.each([
    ["runs where its pods are", pod("a", nginx), "k8s.io/ingress-nginx", "runs"],
    [
      "may run where a pod is called like it",
      pod("my-nginx-ingress-abc", "app: web"),
      "k8s.io/ingress-nginx",
      "may-run",
    ],
    [
      "runs nowhere where another class's pods are all there is",
      pod("nginx-ingress", nginx, "--controller-class=k8s.io/internal"),
      "k8s.io/ingress-nginx",
      "runs-nowhere",
    ],
    ["runs nowhere where it is scaled to 0", workload, "k8s.io/ingress-nginx", "runs-nowhere"],
    ["is not known where it is a cloud's own", "", "ingress.k8s.aws/alb", "not-known"],
  ])("%s", (_, yaml, controller, kind) => {
    expect(inOneGo(controllerPresence(factsFromYaml(yaml).index, controller)).kind).toBe(kind);
  });
});

describe("who takes Ingresses without a class", () => {
  const taker = (yaml: string) => {
    const { snapshot, index } = factsFromYaml(yaml);
    return takerOfClassless(snapshot, index);
  };

  it.each([
    ["ingress-nginx that is set to", pod("a", nginx, "--watch-ingress-without-class"), "set-to"],
    ["ingress-nginx leaves them alone", pod("a", nginx), undefined],
    ["Traefik does by itself", pod("a", "app.kubernetes.io/name: traefik"), "by-default"],
    [
      "Traefik with a class of its own leaves them alone",
      pod("a", "app.kubernetes.io/name: traefik", "--providers.kubernetesIngress.ingressClass=edge"),
      undefined,
    ],
    [
      "GKE's own controller does, which runs outside of the cluster",
      "\n---\napiVersion: v1\nkind: Node\nmetadata: { name: n, labels: { cloud.google.com/gke-nodepool: a } }",
      "by-default",
    ],
  ])("%s", (_, yaml, expected) => {
    expect(taker(yaml)?.kind).toBe(expected);
  });
});
