import { describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

const read = (text: string) => readConfig(text, ".throughline.yaml");

describe("a configuration file", () => {
  it("holds rules, each with one name or several", () => {
    const text = `
ignore:
  - check: NET-105
    reason: no load balancers in the test cluster
    until: 2026-12-31
  - check: [policy/*, net-101]
    object: [svc/shop/web, deploy/shop/*, "*"]
    namespace: team-*
    reason: known
`;
    expect(read(text.replace("net-101", "NET-101"))).toEqual({
      kind: "config",
      config: {
        ignore: [
          {
            checks: ["NET-105"],
            objects: [],
            namespaces: [],
            reason: "no load balancers in the test cluster",
            until: "2026-12-31",
            file: ".throughline.yaml",
            line: 3,
          },
          {
            checks: ["policy/*", "NET-101"],
            objects: ["service/shop/web", "deployment/shop/*", "*"],
            namespaces: ["team-*"],
            reason: "known",
            until: undefined,
            file: ".throughline.yaml",
            line: 6,
          },
        ],
      },
    });
  });

  it.each(["", "# nothing yet\n", "{}", "ignore: []"])("may be empty: %j", (text) => {
    expect(read(text)).toEqual({ kind: "config", config: { ignore: [] } });
  });

  it.each([
    ["ignore: {", [":1: It is no valid YAML"]],
    ["- check: NET-101", [":1: it must be a mapping with ignore, a list of rules"]],
    ["ignores: []", [":1: ignores is not known here; did you mean ignore?"]],
    ["ignore: NET-101", [":1: ignore must be a list of rules"]],
    ["ignore:\n  - NET-101", [":2: a rule is a mapping: check, object, namespace, reason and until"]],
    [
      "ignore:\n  - check: NET-101\n    resaon: x",
      [":2: reason is missing: say why", ":3: resaon is not known here; did you mean reason?"],
    ],
    ["ignore:\n  - check: NET-101\n    reason: ''", [":3: reason is empty: say why"]],
    [
      "ignore:\n  - reason: x",
      [":2: the rule names no check, object or namespace, and would ignore everything"],
    ],
    [
      "ignore:\n  - check: NET-1O1\n    reason: x",
      [":2: check names NET-1O1, and there is no such check; did you mean NET-101?"],
    ],
    [
      "ignore:\n  - reason: x\n    check:\n      - NET-101\n      - NET-9*",
      [":5: check names NET-9*, and there is no such check"],
    ],
    ["ignore:\n  - check: 101\n    reason: x", [":2: check must be a text or a list of texts"]],
    ["ignore:\n  - check: []\n    reason: x", [":2: check is an empty list"]],
    [
      "ignore:\n  - object: servise/shop/web\n    reason: x",
      [":2: object names servise/shop/web, and servise is no kind; did you mean service?"],
    ],
    [
      "ignore:\n  - object: service/web\n    reason: x",
      [
        ":2: object names service/web, which must be kind/namespace/name, or kind/name for kinds without namespaces",
      ],
    ],
    [
      "ignore:\n  - { check: NET-101, reason: x, until: 2026-13-01 }",
      [":2: until must be a day such as 2026-12-31"],
    ],
    [
      "ignore:\n  - { check: NET-101, reason: x, until: soon }",
      [":2: until must be a day such as 2026-12-31"],
    ],
  ])("says of %j what is wrong and where", (text, expected) => {
    const reading = read(text);
    const problems = reading.kind === "invalid" ? reading.problems : [];
    expect(problems).toHaveLength(expected.length);
    for (const [index, start] of expected.entries())
      expect(problems.toSorted()[index]?.slice(".throughline.yaml".length)).toMatch(
        new RegExp(`^${start.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
      );
  });
});
