import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { reachOf } from "#lib/testing/ask-reach.ts";
import { namespace, pod, policy } from "#lib/testing/cluster-yaml.ts";

const cart = pod("shop/cart-0", { ips: ["10.0.0.2"] });
const probe = pod("lab/probe-0", { ips: ["10.0.1.1"] });
const deny = policy("shop/deny", "podSelector: {}\npolicyTypes: [Ingress, Egress]");
const fromLab = policy(
  "shop/lab",
  "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ namespaceSelector: { matchLabels: { team: lab } } }] }]",
);

describe("the sentence", () => {
  const one = namespace("shop") + namespace("lab", "team=lab") + pod("shop/web-0", { ips: ["10.0.0.1"] });
  const two = one + cart;
  const small = two + probe;
  const onBlock = policy(
    "shop/block",
    "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
  );

  it.each([
    ["there is no other", one, "to shop/web-0", "there is no other workload"],
    ["one may", two, "to shop/web-0", "the one other workload may reach it"],
    ["one may not", two + deny, "to shop/web-0", "the one other workload may not reach it"],
    [
      "one is not known",
      two + onBlock,
      "to shop/web-0",
      "whether the one other workload may reach it is not known",
    ],
    ["all may", small, "to shop/web-0", "all 2 other workloads may reach it"],
    ["none may", small + deny, "to shop/web-0", "none of 2 other workloads may reach it"],
    [
      "none is known",
      small + onBlock,
      "to shop/web-0",
      "whether any of 2 other workloads may reach it is not known",
    ],
    ["some may", small + fromLab, "to shop/web-0", "1 of 2 other workloads may reach it"],
    [
      "one may, and one is not known",
      small + fromLab + onBlock.replace("10.0.0.0/8", "10.0.0.2/32"),
      "to shop/web-0",
      "1 of 2 other workloads may reach it; of 1 it is not known",
    ],
    ["one may be reached", two, "from shop/web-0", "the one other workload may be reached from it"],
    [
      "one may not be reached",
      two + deny,
      "from shop/web-0",
      "the one other workload may not be reached from it",
    ],
  ])("tells that %s", (_what, yaml, asked, sentence) => {
    expect(reachOf(worldFromYaml(yaml), asked).sentence).toBe(sentence);
  });
});
