import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { groupsTold, reachOf } from "#lib/testing/ask-reach.ts";
import { namespace, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import type { DialectSettings } from "../trace/world.ts";

const shop = namespace("shop");
const lab = namespace("lab");
const web = pod("shop/web-0", { ports: "8080", ips: ["10.0.0.1"] });
const probe = pod("lab/probe-0", { ips: ["10.0.1.1"] });

function told(yaml: string, asked: string, settings: DialectSettings = {}): readonly string[] {
  const found = reachOf(worldFromYaml(yaml, "cluster", settings), asked);
  return [found.sentence, ...groupsTold({ ...found, outside: [] })];
}

describe("address families", () => {
  it("that two ends do not have in common keep them apart, and no policy is named for it", () => {
    const six = pod("lab/six-0", { ips: ["fd00::1"] });
    expect(told(shop + lab + web + six, "to shop/web-0")).toEqual([
      "the one other workload may not reach it",
      "blocked lab: six-0; its ends have no address family in common",
    ]);
  });

  it.each([
    ["the IPv4 of its address", { ip: "10.96.0.9" }, "reachable"],
    ["the IPv6 of its address", { ip: "fd00:96::9" }, "blocked"],
    ["those that a headless one lists", { ip: "None", spec: "ipFamilies: [IPv4]" }, "reachable"],
    ["both that a headless one lists", { ip: "None", spec: "ipFamilies: [IPv4, IPv6]" }, "depends"],
    ["its pods', where it has none yet", {}, "depends"],
  ])("of a Service are %s", (_what, parts, verdict) => {
    const both = pod("shop/web-0", { ports: "8080", ips: ["10.0.0.1", "fd00::1"] });
    const client = pod("lab/probe-0", { ips: ["10.0.1.1", "fd00::2"] });
    const onFour = policy(
      "shop/p",
      "podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]",
    );
    const yaml = shop + lab + both + client + onFour + service("shop/web", parts);
    const [line] = told(yaml, "to shop/service/web", { ipBlockMatchesPods: "yes" }).filter((each) =>
      each.includes("probe"),
    );
    expect(line).toMatch(new RegExp(`^${verdict} lab`));
  });

  it("that only some pods lack make it depend on the pod", () => {
    const six = pod("shop/web-1", { ports: "8080", ips: ["fd00::1"] });
    expect(told(shop + lab + web + six + probe + service("shop/web"), "to shop/service/web")).toContain(
      "depends lab: probe-0; its ends have no address family in common",
    );
  });
});
