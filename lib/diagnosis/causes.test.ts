import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding, Problem } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import { groupByCause } from "./causes.ts";

const nothing = { services: [], entries: [], hosts: [] };

/** A finding of the check `x/<name>` about `service/shop/<name>`, and the names of those that would explain it. */
function finding(name: string, causes: readonly string[] = [], more: Partial<Finding> = {}): Finding {
  return {
    code: `NET-${name}`,
    check: `x/${name}`,
    severity: "error",
    subject: objectId("service", "shop", name),
    message: name,
    evidence: [],
    fix: { text: "-" },
    kubectl: "kubectl",
    touches: [],
    follows: causes.map((cause) => ({ object: objectId("service", "shop", cause), checks: [`x/${cause}`] })),
    ...more,
  };
}

const group = (findings: readonly Finding[], ignored: readonly Finding[] = []) =>
  groupByCause(findings, ignored, () => nothing);

/** "a > b >> c": each behind what it follows from, with as many arrows as it is deep. */
const drawn = ({ root, consequences }: Problem) =>
  [root.message, ...consequences.map((each) => `${">".repeat(each.depth)} ${each.finding.message}`)].join(
    " ",
  );

describe("findings by cause", () => {
  it("are a problem each, where nothing explains them", () => {
    expect(group([finding("b"), finding("a")]).map(drawn)).toEqual(["a", "b"]);
  });

  it("hang on what explains them, link by link", () => {
    const chain = [finding("ingress", ["service"]), finding("service", ["node"]), finding("node")];
    expect(group(chain).map(drawn)).toEqual(["node > service >> ingress"]);
  });

  it("stand below their own cause where several have one root", () => {
    const all = [
      finding("node"),
      finding("a", ["node"]),
      finding("b", ["node"]),
      finding("c", ["a"]),
      finding("d", ["b"]),
    ];
    expect(group(all).map(drawn)).toEqual(["node > a >> c > b >> d"]);
  });

  it("do not hang on another check's finding about the same object", () => {
    const other = finding("a", [], { check: "x/other", code: "NET-o" });
    expect(group([other, finding("b", ["a"])]).map(drawn)).toEqual(["b", "a"]);
  });

  it("belong to the most severe of several causes", () => {
    const all = [finding("a", [], { severity: "warning" }), finding("z"), finding("m", ["a", "z"])];
    expect(group(all).map(drawn)).toEqual(["z > m", "a"]);
  });

  it("belong to the one that explains the fewest, where causes are equally severe", () => {
    const all = [finding("node"), finding("probe"), finding("a", ["node", "probe"]), finding("b", ["node"])];
    expect(group(all).map(drawn)).toEqual(["node > b", "probe > a"]);
  });

  it("are as severe as the worst of what follows", () => {
    const [problem] = group([finding("a", [], { severity: "info" }), finding("b", ["a"])]);
    expect([problem?.root.severity, problem?.severity]).toEqual(["info", "error"]);
  });

  it.each([
    ["one another", [finding("a", ["b"]), finding("b", ["a"])], ["a > b"]],
    ["themselves", [finding("a", ["a"])], ["a"]],
    ["each other in a ring", [finding("a", ["b"]), finding("b", ["c"]), finding("c", ["a"])], ["a > c >> b"]],
    [
      "one another and are explained from outside",
      [finding("a", ["b", "z"]), finding("b", ["a", "z"]), finding("z")],
      ["z > a >> b"],
    ],
  ])("are grouped all the same where they explain %s", (_, findings, expected) => {
    expect(group(findings).map(drawn)).toEqual(expected);
  });

  it("hang on the cause of an ignored cause, or name the ignored one", () => {
    const middle = finding("middle", ["root"]);
    expect(group([finding("root"), finding("end", ["middle"])], [middle]).map(drawn)).toEqual(["root > end"]);
    const [alone] = group([finding("end", ["middle"])], [middle]);
    expect([alone?.root.message, alone?.ignoredCause?.message]).toEqual(["end", "middle"]);
  });
});

describe("laws", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const clusters = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom(...names),
        part: fc.constantFrom("", "1", "2"),
        causes: fc.uniqueArray(fc.constantFrom(...names)),
        severity: fc.constantFrom<Finding["severity"]>("error", "warning", "info"),
        ignored: fc.boolean(),
      }),
      { selector: ({ name, part }) => `${name}${part}` },
    )
    .map((all) =>
      all.map(({ name, part, causes, severity, ignored }) => ({
        ignored,
        finding: finding(name, causes, { severity, part, message: `${name}${part}` }),
      })),
    );
  const grouped = (all: readonly { readonly ignored: boolean; readonly finding: Finding }[]) =>
    group(
      all.filter(({ ignored }) => !ignored).map((each) => each.finding),
      all.filter(({ ignored }) => ignored).map((each) => each.finding),
    );

  it("each finding stands in exactly one problem, an ignored one in none", () => {
    fc.assert(
      fc.property(clusters, (all) => {
        const messages = grouped(all).flatMap(({ root, consequences }) => [
          root.message,
          ...consequences.map((each) => each.finding.message),
        ]);
        const expected = all.filter(({ ignored }) => !ignored).map((each) => each.finding.message);
        expect(messages.sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it("their order changes nothing", () => {
    fc.assert(
      fc.property(
        clusters.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(grouped(shuffled).map(drawn)).toEqual(grouped(all).map(drawn));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a consequence is explained by something above it, and a root only by what hangs on it", () => {
    const explains = (cause: Finding, { follows }: Finding) =>
      follows.some(({ object, checks }) => object === cause.subject && checks.includes(cause.check));
    fc.assert(
      fc.property(clusters, (all) => {
        const shown = all.map((each) => ({ ...each, ignored: false }));
        for (const { root, consequences } of grouped(shown)) {
          const members = [root, ...consequences.map((each) => each.finding)];
          for (const [index, member] of members.entries()) {
            if (index > 0)
              expect(members.slice(0, index).some((above) => explains(above, member))).toBe(true);
          }
          for (const { finding: other } of shown) if (explains(other, root)) expect(members).toContain(other);
        }
      }),
      { numRuns: 500 },
    );
  });
});
