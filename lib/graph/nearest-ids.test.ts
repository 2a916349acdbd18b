import { describe, expect, it } from "vitest";
import { type ObjectRef, objectId, parseObjectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { nearestIds } from "./nearest-ids.ts";

const object = (apiVersion: string, kind: string, namespace: string, name: string, spec: string) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
---`;
const service = (namespace: string, name: string) =>
  object("v1", "Service", namespace, name, "{ ports: [{ port: 80 }] }");
const pod = (namespace: string, name: string) =>
  object("v1", "Pod", namespace, name, '{ containers: [{ name: main, image: "example.com/main:1" }] }');
const deployment = (namespace: string, name: string) =>
  object(
    "apps/v1",
    "Deployment",
    namespace,
    name,
    `{ selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main, image: "example.com/main:1" }] } } }`,
  );

const facts = factsFromYaml(
  [
    service("shop", "adminservice"),
    service("shop", "cart"),
    service("pay", "cart"),
    service("shop", "database"),
    deployment("shop", "cart"),
    deployment("shop", "cards"),
    pod("shop", "cart-7798c-aaaaa"),
    pod("shop", "cart-7798c-bbbbb"),
    pod("pay", "cart-7798c-ccccc"),
  ].join(""),
);

function near(text: string, limit = 5): readonly string[] {
  const ref: ObjectRef | undefined = parseObjectId(text);
  if (ref === undefined) throw new Error(`not an id: ${text}`);
  return nearestIds(facts, objectId(ref.kind, ref.namespace, ref.name), limit);
}

describe("the nearest ids", () => {
  it("names a misspelt one first", () => {
    expect(near("service/shop/adminservise")).toEqual(["service/shop/adminservice"]);
  });

  it("prefers the same kind, then the same namespace", () => {
    expect(near("service/shop/cart2", 3)).toEqual([
      "service/shop/cart",
      "service/pay/cart",
      "deployment/shop/cart",
    ]);
    expect(near("stateful-set/shop/cart", 2)).toEqual(["deployment/shop/cart", "service/shop/cart"]);
  });

  it("offers the pods of the same owner, and that owner, for a pod that is gone", () => {
    expect(near("pod/shop/cart-7798c-zzzzz")).toEqual([
      "pod/shop/cart-7798c-aaaaa",
      "pod/shop/cart-7798c-bbbbb",
      "deployment/shop/cart",
      "service/shop/cart",
    ]);
  });

  it("stays silent when nothing is near", () => {
    expect(near("service/shop/queue")).toEqual([]);
  });
});
