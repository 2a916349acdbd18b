import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slugs } from "./slugs.ts";

describe("slugs", () => {
  it.each([
    ["prod-eu", "prod-eu"],
    ["arn:aws:eks:eu-west-1:123456789012:cluster/prod", "arn-aws-eks-eu-west-1-123456789012-cluster-prod"],
    ["default/api-crc-testing:6443/kubeadmin", "default-api-crc-testing-6443-kubeadmin"],
    ["gke_shop_europe-west1_prod", "gke_shop_europe-west1_prod"],
    ["user@minikube", "user-minikube"],
  ])("makes %s readable in a link: %s", (name, slug) => {
    expect(slugs([name]).get(name)).toBe(slug);
  });

  it("gives names that would share an id, or take a reserved one, an end of their own", () => {
    const ids = slugs(["a/b", "a:b", "demo", "集群"], ["demo"]);
    expect([...ids.values()].map((id) => id.replace(/-[0-9a-f]{6}$/, "-HASH"))).toEqual([
      "a-b-HASH",
      "a-b-HASH",
      "demo-HASH",
      "cluster-HASH",
    ]);
    expect(new Set(ids.values()).size).toBe(4);
  });

  it("is unique, safe in a URL, and the same in any order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }), (names) => {
        const ids = slugs(names, ["demo"]);
        expect(new Set(ids.values()).size).toBe(names.length);
        for (const id of ids.values()) expect(id).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
        expect([...ids.values()]).not.toContain("demo");
        const reversed = slugs(names.toReversed(), ["demo"]);
        for (const name of names) expect(reversed.get(name)).toBe(ids.get(name));
      }),
    );
  });
});
