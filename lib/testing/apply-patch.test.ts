import { expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { applyFix, documentsIn } from "./apply-fix.ts";
import { applyPatch } from "./apply-patch.ts";

const list = { spec: { ports: [{ port: 1 }, { port: 2 }] } };
const patch = (...operations: readonly object[]) =>
  ({ type: "json", body: JSON.stringify(operations) }) as const;

it.each([
  ["behind the last one", "-", 3, [1, 2, 3]],
  ["in front of the first", "0", 3, [3, 1, 2]],
  ["between two, which moves the second on", "1", 3, [1, 3, 2]],
  ["at the end by its number", "2", 3, [1, 2, 3]],
])("puts an element %s (RFC 6902, 4.1)", (_, key, port, expected) => {
  const changed = applyPatch(list, patch({ op: "add", path: `/spec/ports/${key}`, value: { port } }));
  expect(changed).toEqual({ spec: { ports: expected.map((each) => ({ port: each })) } });
});

it("takes an element out, and replaces one", () => {
  expect(applyPatch(list, patch({ op: "remove", path: "/spec/ports/0" }))).toEqual({
    spec: { ports: [{ port: 2 }] },
  });
  expect(applyPatch(list, patch({ op: "replace", path: "/spec/ports/1/port", value: 9 }))).toEqual({
    spec: { ports: [{ port: 1 }, { port: 9 }] },
  });
});

it("follows operations in their order", () => {
  const changed = applyPatch(
    list,
    patch(
      { op: "add", path: "/spec/ports/-", value: {} },
      { op: "add", path: "/spec/ports/2/port", value: 3 },
    ),
  );
  expect(changed).toEqual({ spec: { ports: [{ port: 1 }, { port: 2 }, { port: 3 }] } });
});

it.each([
  { op: "add", path: "/spec/ports/3", value: {} },
  { op: "replace", path: "/spec/ports/2", value: {} },
  { op: "remove", path: "/spec/ports/-" },
  { op: "add", path: "/spec/ports/x", value: {} },
  { op: "add", path: "/spec/ports/01", value: {} },
  { op: "replace", path: "/spec/none", value: {} },
  { op: "add", path: "/none/ports", value: {} },
])("fails at a place that is not there: %j", (operation) => {
  expect(() => applyPatch(list, patch(operation))).toThrow("nothing at");
});

it("applies a fix to the object that it names, and a manifest beside the others", () => {
  const documents = documentsIn(`
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Service, metadata: { name: web, namespace: shop }, spec: { ports: [{ port: 80 }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
`);
  const changed = applyFix(documents, {
    text: "",
    patch: {
      object: objectId("service", "shop", "web"),
      type: "merge",
      body: '{"spec":{"selector":{"app":"web"}}}',
    },
    manifest: "{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }",
  });
  expect(changed).toMatchObject([
    { kind: "Service", spec: { ports: [{ port: 80 }], selector: { app: "web" } } },
    { kind: "Pod" },
    { kind: "Namespace" },
  ]);
});
