import { describe, expect, it } from "vitest";
import type { LabelSelector, MatchExpression } from "#lib/model/objects.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { nearMiss } from "./near-miss.ts";

/** A pod in namespace shop unless the name has another before a slash. */
const pod = (path: string, labels: string) => {
  const [name, namespace = "shop"] = path.split("/").reverse();
  return `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { containers: [{ name: web, image: web }] }
status: { phase: Running }`;
};

const deployment = (name: string, labels: string, replicas = 1) => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { ${labels} } }
  template: { metadata: { labels: { ${labels} } }, spec: { containers: [{ name: web, image: web }] } }`;

function ask(
  yaml: string,
  matchLabels: LabelSelector["matchLabels"],
  matchExpressions: readonly MatchExpression[] = [],
) {
  return nearMiss(factsFromYaml(yaml).index, "shop", { matchLabels, matchExpressions });
}

describe("nearMiss", () => {
  const crowd = ["a", "b", "c", "d"]
    .map((name) => pod(`other-${name}`, `app: other-${name}, part-of: shop`))
    .join("");

  it("names the label that differs, and who carries what instead", () => {
    expect(ask(pod("web-1", "app: webb"), { app: "web" })).toEqual({
      workload: "pod/shop/web-1",
      pods: 1,
      differs: [{ key: "app", wanted: "web", actual: "webb" }],
      sentence: "1 label differs: the selector asks app=web, pods of pod/web-1 carry app=webb",
    });
  });

  it("prefers fewer differing labels, then the smaller difference", () => {
    const yaml =
      pod("a", "app: carts, tier: bak") +
      pod("b", "app: carts, tier: back") +
      pod("c", "app: cartoon, tier: back");
    expect(ask(yaml, { app: "cart", tier: "back" })?.workload).toBe("pod/shop/b");
  });

  it("offers a pod that agrees in what few carry, though the rest looks different", () => {
    expect(ask(pod("web-1", "app: web, track: stable"), { app: "web", track: "canary" })?.sentence).toBe(
      "1 label differs: the selector asks track=canary, pods of pod/web-1 carry track=stable",
    );
  });

  it("stays silent when only a label that many carry agrees", () => {
    expect(ask(crowd, { app: "payment", "part-of": "shop" })).toBeUndefined();
  });

  it("stays silent when the values are simply different, or the selector is empty", () => {
    expect(ask(pod("web-1", "app: orders"), { app: "payment" })).toBeUndefined();
    expect(ask(pod("web-1", "app: orders"), {})).toBeUndefined();
  });

  it("sees the same value under another key", () => {
    const miss = ask(pod("web-1", "app.kubernetes.io/name: web"), { app: "web" });
    expect(miss?.differs).toEqual([{ key: "app", wanted: "web", actual: undefined }]);
    expect(miss?.sentence).toContain("carry app.kubernetes.io/name=web");
  });

  it("tells two labels that differ", () => {
    expect(ask(pod("web-1", "app: webb, tier: frnt"), { app: "web", tier: "front" })?.sentence).toBe(
      "2 labels differ: the selector asks app=web and tier=front, pods of pod/web-1 carry app=webb and tier=frnt",
    );
  });

  it("looks at templates whose pods are not there", () => {
    expect(ask(deployment("web", "app: webb"), { app: "web" })).toMatchObject({
      workload: "deployment/shop/web",
      pods: 0,
      sentence: "1 label differs: the selector asks app=web, the template of deployment/web carries app=webb",
    });
  });

  it("stays silent where one pod or one revision is asked for by a controller's label", () => {
    const yaml = pod("web-1", "app: webb, pod-template-hash: abc");
    expect(ask(yaml, { app: "web", "pod-template-hash": "abd" })).toBeUndefined();
  });

  it("offers pods of another namespace only where they match exactly, and says so", () => {
    expect(ask(pod("other/web-1", "app: webb"), { app: "web" })).toBeUndefined();
    expect(ask(pod("other/web-1", "app: web"), { app: "web" })).toEqual({
      workload: "pod/other/web-1",
      pods: 1,
      differs: [],
      sentence:
        "pods of pod/web-1 in namespace other carry these labels, but a selector only sees its own namespace, shop",
    });
  });

  it.each<[MatchExpression, string, string]>([
    [
      { key: "app", operator: "In", values: ["web", "api"] },
      "app: webb",
      "1 label differs: the selector asks app in (web, api), pods of pod/web-1 carry app=webb",
    ],
    [
      { key: "track", operator: "Exists", values: [] },
      "app: web",
      "1 label differs: the selector asks a label track, pods of pod/web-1 carry no track",
    ],
    [
      { key: "track", operator: "NotIn", values: ["canary"] },
      "app: web, track: canary",
      "1 label differs: the selector asks track not in (canary), pods of pod/web-1 carry track=canary",
    ],
  ])("takes expressions too: %j", (expression, labels, sentence) => {
    const matchLabels: LabelSelector["matchLabels"] = expression.key === "app" ? {} : { app: "web" };
    expect(ask(pod("web-1", labels), matchLabels, [expression])?.sentence).toBe(sentence);
  });
});
