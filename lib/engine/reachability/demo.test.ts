/** What the built-in cluster's faults come to here (demo/FAULTS.md). */
import { beforeAll, describe, expect, it } from "vitest";
import { worldOf } from "#lib/testing/ask.ts";
import { finished, groupsTold, matrixOf, reachOf, verdictsTold } from "#lib/testing/ask-reach.ts";
import { demoAnswers } from "#lib/testing/demo-answers.ts";
import type { World } from "../trace/world.ts";
import { namespaceMatrix } from "./namespace-matrix.ts";

let world: World;
beforeAll(async () => {
  const { facts } = await demoAnswers();
  world = worldOf(facts);
});

describe("in the demo", () => {
  it("payments/payment-api is shut to checkout because the rule names the Service's port", () => {
    const found = reachOf(world, "to payments/service/payment-api");
    expect(verdictsTold(found)).toMatchObject({
      reachable: ["edge/deployment/public"],
      blocked: expect.arrayContaining(["shop/deployment/checkout"]),
    });
    expect(found.notes).toContain(
      "rule 1 of payments/payment-api-from-checkout admits nothing on port 80: it names the Service's port, and the pods listen on 8080",
    );
    const back = groupsTold(reachOf(world, "from shop/deployment/checkout"));
    expect(back).toContainEqual(
      expect.stringMatching(/^blocked payments: deployment\/payment-api; no rule of payments\/allow-metrics/),
    );
  });

  it.each([
    ["shop/service/media", "an ExternalName is only a DNS alias: no policy stands here"],
    [
      "payments/service/card-network",
      "its endpoints are no pods of this cluster: no policy of it guards them",
    ],
  ])("nothing guards %s, and it says why", (end, sentence) => {
    expect(reachOf(world, `to ${end}`)).toMatchObject({ sentence, namespaces: [], outside: [] });
  });

  it("names are looked up on both protocols", () => {
    expect(groupsTold(reachOf(world, "from shop/deployment/checkout"))).toContainEqual(
      expect.stringMatching(/^some-ports \[53 and 53\/UDP\] kube-system: deployment\/coredns; let out by/),
    );
  });

  it("every workload has a row, and every namespace a sum", () => {
    const matrix = matrixOf(world);
    const asked = reachOf(world, "to shop/service/cart").namespaces;
    expect(matrix.ends).toHaveLength(asked.reduce((sum, { total }) => sum + total, 0));
    const { namespaces } = finished(namespaceMatrix(matrix));
    expect(namespaces).toEqual(asked.map(({ namespace, total }) => ({ name: namespace, workloads: total })));
  });
});
