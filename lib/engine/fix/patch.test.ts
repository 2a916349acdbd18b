import { expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { applyPatch } from "#lib/testing/apply-patch.ts";
import { jsonPatch, mergePatch, pointer } from "./patch.ts";

const object = objectId("service", "shop", "web");

it.each([
  ["spec.ports[1].targetPort", [], "/spec/ports/1/targetPort"],
  ["spec.ingress[0].from[2]", ["podSelector"], "/spec/ingress/0/from/2/podSelector"],
  // A label's key has slashes and dots of its own, so it comes apart from the path.
  [
    "spec.podSelector.matchLabels",
    ["app.kubernetes.io/name"],
    "/spec/podSelector/matchLabels/app.kubernetes.io~1name",
  ],
  ["metadata.labels", ["a~b"], "/metadata/labels/a~0b"],
])("points at %s %j as RFC 6901 does", (path, keys, expected) => {
  expect(pointer(path, ...keys)).toBe(expected);
});

it("changes one label and leaves the others", () => {
  const service = {
    spec: { selector: { "app.kubernetes.io/name": "web", tier: "front" }, ports: [{ port: 80 }] },
  };
  const changed = { spec: { selector: { tier: "front" }, ports: [{ port: 80 }] } };
  const byMerge = mergePatch(object, { spec: { selector: { "app.kubernetes.io/name": null } } });
  const byOperation = jsonPatch(object, {
    op: "remove",
    path: pointer("spec.selector", "app.kubernetes.io/name"),
  });
  expect(applyPatch(service, byMerge)).toEqual(changed);
  expect(applyPatch(service, byOperation)).toEqual(changed);
});

it("changes one port of a list and leaves the others", () => {
  const service = { spec: { ports: [{ port: 80 }, { port: 81, targetPort: "old" }] } };
  const patch = jsonPatch(object, { op: "replace", path: pointer("spec.ports[1].targetPort"), value: "new" });
  expect(applyPatch(service, patch)).toEqual({
    spec: { ports: [{ port: 80 }, { port: 81, targetPort: "new" }] },
  });
  expect(() => applyPatch({ spec: { ports: [] } }, patch)).toThrow();
});
