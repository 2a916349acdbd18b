import { describe, expect, it } from "vitest";
import { parseEnd } from "#lib/engine/trace/question.ts";
import { endText, sourceText, targetText } from "./end-text.ts";
import type { ObjectRef } from "./ids.ts";

describe("an end as links write it", () => {
  it.each([
    [{ kind: "pod", namespace: "shop", name: "cart-0" }, "shop/cart-0"],
    [{ kind: "deployment", namespace: "shop", name: "cart" }, "shop/deployment/cart"],
    [{ kind: "stateful-set", namespace: "shop", name: "db" }, "shop/statefulset/db"],
    [{ kind: "service", namespace: "shop", name: "cart" }, "shop/service/cart"],
    [{ kind: "node", namespace: undefined, name: "node-1" }, "node/node-1"],
  ] satisfies ReadonlyArray<readonly [ObjectRef, string]>)(
    "%j is %s, and is read back as it was",
    (ref, text) => {
      expect(endText(ref)).toBe(text);
      expect(parseEnd("to", text)).toMatchObject({ kind: "ok", value: { end: { kind: "object", ref } } });
    },
  );
});

describe("what an object is asked about as", () => {
  it.each([
    ["deployment/shop/cart", "shop/deployment/cart", "shop/deployment/cart"],
    ["cron-job/shop/nightly", "shop/cronjob/nightly", "shop/cronjob/nightly"],
    ["pod/shop/cart-0", "shop/cart-0", "shop/cart-0"],
    ["node/node-1", "node/node-1", "node/node-1"],
    ["service/shop/cart", undefined, "shop/service/cart"],
    ["ingress/shop/front", undefined, undefined],
    ["network-policy/shop/deny", undefined, undefined],
    ["internet", undefined, undefined],
    ["external/db.example.com", undefined, undefined],
    ["", undefined, undefined],
  ])("%s sends as %s and takes as %s", (id, source, target) => {
    expect(sourceText(id)).toBe(source);
    expect(targetText(id)).toBe(target);
  });
});
