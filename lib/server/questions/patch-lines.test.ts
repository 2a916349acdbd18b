import { describe, expect, it } from "vitest";
import type { Patch } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import { patchLines } from "./patch-lines.ts";

const object = objectId("network-policy", "shop", "db");
const told = (type: Patch["type"], body: unknown) =>
  patchLines({ object, type, body: JSON.stringify(body) }).map(({ sign, text }) => `${sign} ${text}`);

describe("a patch to read", () => {
  it("names the field, with an item that is added to a list as one", () => {
    const value = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } };
    expect(told("json", [{ op: "add", path: "/spec/ingress/0/from/-", value }])).toEqual([
      "  network-policy/shop/db · spec.ingress[0].from",
      "+ - namespaceSelector:",
      "+     matchLabels:",
      "+       kubernetes.io/metadata.name: shop",
    ]);
  });

  it("tells every operation, keys with slashes, values that YAML would take for others", () => {
    expect(
      told("json", [
        { op: "replace", path: "/metadata/labels/app.kubernetes.io~1name", value: "yes" },
        { op: "remove", path: "/spec/egress/1" },
      ]),
    ).toEqual([
      "  network-policy/shop/db · metadata.labels.app.kubernetes.io/name",
      "+ 'yes'",
      "  network-policy/shop/db · spec.egress[1]",
      "- removed",
    ]);
  });

  it("tells a merge patch whole", () => {
    expect(told("merge", { spec: { selector: { app: "web" } } })).toEqual([
      "  network-policy/shop/db",
      "+ spec:",
      "+   selector:",
      "+     app: web",
    ]);
  });
});
