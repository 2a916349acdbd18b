import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutManagedFields } from "./without-managed-fields.ts";

const entry = {
  manager: "kube-controller-manager",
  operation: "Update",
  apiVersion: "v1",
  time: "2026-01-01T00:00:00Z",
  fieldsType: "FieldsV1",
  fieldsV1: {
    "f:spec": { 'k:{"containerPort":8080,"protocol":"TCP"}': { ".": {} }, 'v:["a]","b\\"]': {} },
    "f:metadata": { "f:finalizers": { 'v:"a.example/finalizer"': {} } },
  },
};
const object = (managedFields: unknown, annotations = {}) =>
  JSON.stringify({ metadata: { name: "web", annotations, managedFields }, spec: { list: [["a", "]"]] } });

describe("an object without managed fields", () => {
  it.each([
    ["with none", []],
    ["with one", [entry]],
    ["with several", [entry, entry]],
    ["with megabytes of them", Array.from({ length: 20_000 }, () => entry)],
  ])("is all else of it: %s", (_, entries) => {
    expect(withoutManagedFields(object(entries))).toBe(object([]));
  });

  it("keeps texts that speak of them", () => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": object([entry]) };
    expect(withoutManagedFields(object([entry], annotations))).toBe(object([], annotations));
  });

  it("may be one of many", () => {
    const list = (entries: unknown) =>
      `{"items":[${object(entries)},${object([])},${object(entries)}],"metadata":{}}`;
    expect(withoutManagedFields(list([entry]))).toBe(list([]));
  });

  it.each([
    ["that is cut off within them", object([entry]).slice(0, 150)],
    ["that has none", object(undefined)],
    ["of which they are no list", object({ a: [] })],
    [
      "of which they do not end within thirty megabytes",
      `"managedFields":[${'{"f:a":{}},'.repeat(2_800_000)}`,
    ],
    ["that is no JSON", 'managedFields":[ "managedFields":['],
  ])("is left as it is: one %s", (_, json) => {
    expect(withoutManagedFields(json)).toBe(json);
  });

  it("says what it said", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), fc.array(fc.json()), (before, after, entries) => {
        const flat = entries.filter((json) => !json.includes("["));
        const json = `{"before":${before},"managedFields":[${flat.join(",")}],"after":${after}}`;
        const left: unknown = JSON.parse(withoutManagedFields(json));
        expect(left).toEqual({ before: JSON.parse(before), managedFields: [], after: JSON.parse(after) });
      }),
    );
  });
});
