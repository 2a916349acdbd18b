import { expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { kubectl, kubectlGet, labelsArgument, quoteForShell, selectorArgument } from "./kubectl.ts";

it.each([
  ["app=cart", "app=cart"],
  ["app.kubernetes.io/name=web,tier=front", "app.kubernetes.io/name=web,tier=front"],
  ["env in (a,b)", "'env in (a,b)'"],
  ["!legacy", "'!legacy'"],
  ["$(reboot)", "'$(reboot)'"],
  ["it's", `'it'\\''s'`],
  ["", "''"],
])("quotes %s for a POSIX shell only where it must", (word, quoted) => {
  expect(quoteForShell(word)).toBe(quoted);
});

it("names the namespace where there is one", () => {
  expect(kubectl("shop", "get", "pods", "-l", "app=cart")).toBe("kubectl -n shop get pods -l app=cart");
  expect(kubectl(undefined, "get", "nodes")).toBe("kubectl get nodes");
});

it("gets an object of any kind by its id", () => {
  expect(kubectlGet(objectId("http-route", "shop", "web"))).toBe("kubectl -n shop get httproute web -o yaml");
  expect(kubectlGet(objectId("node", undefined, "n-1"))).toBe("kubectl get node n-1 -o yaml");
});

it("writes selectors as -l takes them", () => {
  expect(labelsArgument({ app: "cart", tier: "web" })).toBe("app=cart,tier=web");
  expect(
    selectorArgument({
      matchLabels: { app: "cart" },
      matchExpressions: [
        { key: "env", operator: "NotIn", values: ["a", "b"] },
        { key: "old", operator: "DoesNotExist", values: [] },
      ],
    }),
  ).toBe("app=cart,env notin (a,b),!old");
});
