import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { inOneGo } from "./in-one-go.ts";
import { podsSharingAddress, podsWithAddress } from "./pod-addresses.ts";
import { sharedAddresses } from "./shared-addresses.ts";

interface Given {
  readonly namespace: string;
  readonly ips: readonly string[];
  readonly hostNetwork?: boolean;
  readonly phase?: string;
}

const facts = (pods: readonly Given[]) =>
  factsFromYaml(
    pods
      .map(({ namespace, ips, hostNetwork = false, phase = "Running" }, i) =>
        JSON.stringify({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: `p${i}`, namespace },
          spec: { hostNetwork, containers: [] },
          status: { phase, podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
        }),
      )
      .join("\n---\n"),
  );
const names = (pods: readonly { readonly name: string }[]) => pods.map(({ name }) => name);

describe("pods by their own addresses", () => {
  it.each<readonly [string, readonly Given[], readonly string[]]>([
    ["none", [], []],
    [
      "one of them",
      [
        { namespace: "a", ips: ["10.0.0.1"] },
        { namespace: "b", ips: ["10.0.0.2", "fd00::2"] },
      ],
      ["p1"],
    ],
    ["not those on their node's network", [{ namespace: "a", ips: ["fd00::2"], hostNetwork: true }], []],
    ["not those that have finished", [{ namespace: "a", ips: ["fd00::2"], phase: "Succeeded" }], []],
  ])("are found: %s", (_, pods, expected) => {
    const { index } = facts(pods);
    expect(names(inOneGo(podsWithAddress(index, new Set(["fd00::2", "10.0.0.9"]))))).toEqual(expected);
  });

  it("those that several have are what one finds by looking at each pair", () => {
    const address = fc.integer({ min: 1, max: 9 }).map((n) => (n > 6 ? `fd00::${n}` : `10.0.0.${n}`));
    const pod = fc.record({
      namespace: fc.constantFrom("a", "a-b", "b"),
      ips: fc.array(address, { minLength: 1, maxLength: 2 }),
      hostNetwork: fc.boolean(),
      phase: fc.constantFrom("Running", "Running", "Succeeded"),
    });
    fc.assert(
      fc.property(fc.array(pod, { maxLength: 8 }), (pods) => {
        const own = pods.map(({ ips, hostNetwork, phase }) =>
          hostNetwork || phase === "Succeeded" ? [] : ips,
        );
        const expected = own.flatMap((ips, i) =>
          own.some((others, j) => i !== j && others.some((ip) => ips.includes(ip))) ? [`p${i}`] : [],
        );
        const compiled = facts(pods);
        const shared = sharedAddresses(compiled);
        expect(new Set([...shared.values()].flatMap(names))).toEqual(new Set(expected));
        for (const [ip, sharing] of shared) {
          expect(sharing.length).toBeGreaterThan(1);
          expect(sharing.every(({ ips }) => ips.includes(ip))).toBe(true);
        }
        expect(names(inOneGo(podsSharingAddress(compiled.index)))).toEqual(expect.arrayContaining(expected));
      }),
    );
  });
});
