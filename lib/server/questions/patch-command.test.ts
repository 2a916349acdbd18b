import { expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { patchCommand } from "./patch-command.ts";

it("writes a patch as a line to paste, quoted for the shell", () => {
  const object = objectId("network-policy", "shop", "cart");
  const body = '[{"op":"replace","path":"/spec/ingress/0","value":"it\'s"}]';
  expect(patchCommand({ object, type: "json", body })).toBe(
    `kubectl -n shop patch networkpolicy cart --type json -p '[{"op":"replace","path":"/spec/ingress/0","value":"it'\\''s"}]'`,
  );
});

it("names no namespace for what is in none", () => {
  const object = objectId("cluster-network-policy", undefined, "deny");
  expect(patchCommand({ object, type: "merge", body: "{}" })).toBe(
    "kubectl patch clusternetworkpolicy deny --type merge -p '{}'",
  );
});
