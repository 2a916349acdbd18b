import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExpectations } from "./read-expectations.ts";

function read(text: string | Buffer) {
  const { expectations, problems } = readExpectations(Buffer.from(text), "e.yaml");
  return {
    asked: expectations.map(({ from, to, place }) => `${place.line}: ${from} ${to}`),
    problems: problems.map(({ line, why }) => `${line ?? "file"}: ${why}`),
  };
}

const question = (from: string, to: string) => `- from: a/${from}\n  to: a/${to}\n  expect: blocked\n`;

describe("readExpectations", () => {
  it("reads a list in YAML, with the line of each question", () => {
    expect(read(`# expectations\n\n${question("x", "y")}${question("p", "q")}`)).toEqual({
      asked: ["3: a/x a/y", "6: a/p a/q"],
      problems: [],
    });
  });

  it("reads a list in JSON", () => {
    const json = JSON.stringify([{ from: "a/x", to: "a/y", expect: "blocked" }], undefined, 2);
    expect(read(json)).toEqual({ asked: ["2: a/x a/y"], problems: [] });
  });

  it("reads every document, and passes over those that hold nothing", () => {
    const text = `---\n${question("x", "y")}---\n# nothing\n---\n[]\n--- \n${question("p", "q")}...\n`;
    expect(read(text)).toEqual({ asked: ["2: a/x a/y", "10: a/p a/q"], problems: [] });
  });

  it("reads anchors, aliases and merge keys across questions", () => {
    const text = "- &base\n  from: a/x\n  to: a/y\n  expect: blocked\n- <<: *base\n  to: a/z\n- *base\n";
    expect(read(text)).toEqual({ asked: ["2: a/x a/y", "5: a/x a/z", "7: a/x a/y"], problems: [] });
  });

  it("reads what PowerShell writes: UTF-16, and UTF-8 with a byte order mark", () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(question("x", "y"), "utf16le")]);
    expect(read(utf16).asked).toEqual(["1: a/x a/y"]);
    expect(read(`\ufeff${question("x", "y")}`).asked).toEqual(["1: a/x a/y"]);
  });

  it("tells every malformed question by its field's line, and keeps the others", () => {
    const text = `${question("x", "y")}- from: a/x\n  too: a/y\n  port: 0\n  expect: blocked\n${question("p", "q")}- from: 1.2.3\n  to: a/y\n  expect: maybe\n- from: a/x\n  to: a/y\n  port: 99999\n  expect: blocked\n`;
    expect(read(text)).toEqual({
      asked: ["1: a/x a/y", "8: a/p a/q"],
      problems: [
        expect.stringMatching(/^4: to is missing/),
        "5: too is no field of a question; did you mean to?",
        expect.stringMatching(/^13: expect: maybe is no verdict/),
        expect.stringMatching(/^16: port: 99999 is no port/),
      ],
    });
  });

  it("loses no other question of a list in which one does not parse", () => {
    const text = `${question("x", "y")}- from: a/x\n\tto: a/y\n${question("p", "q")}- from: a/x\n  from: a/y\n`;
    expect(read(text)).toEqual({
      asked: ["1: a/x a/y", "6: a/p a/q"],
      problems: [
        expect.stringMatching(/^5: it is no valid YAML: /),
        expect.stringMatching(/^10: it is no valid YAML: duplicated mapping key/),
      ],
    });
  });

  it("does not blame a question for an anchor that stands in a broken one", () => {
    const text = "- &base\n  from: a/x\n\tto: a/y\n- <<: *base\n  to: a/z\n";
    expect(read(text).problems).toEqual([expect.stringMatching(/^[23]: it is no valid YAML/)]);
  });

  it("says where an alias leads nowhere", () => {
    expect(read(`${question("x", "y")}- *nobody\n`)).toEqual({
      asked: ["1: a/x a/y"],
      problems: [expect.stringMatching(/^4: it is no valid YAML: unidentified alias/)],
    });
  });

  it("loses no other document", () => {
    expect(read(`${question("x", "y")}---\nfrom: [\n---\n${question("p", "q")}`)).toEqual({
      asked: ["1: a/x a/y", "7: a/p a/q"],
      problems: [expect.stringMatching(/^6: it is no valid YAML/)],
    });
  });

  it.each([
    ["", "file: it holds no question; it takes a list of {from, to, port, protocol, expect}"],
    ["# nothing yet\n", "file: it holds no question"],
    ["[]", "file: it holds no question"],
    ["from: a/x\nto: a/y\nexpect: blocked\n", '1: this is a question outside of a list; put "- " before it'],
    ["\nquestions:\n  - from: a/x\n", "2: this is a mapping, not a list of questions"],
    [
      "apiVersion: v1\nkind: Service\n",
      "1: this is a Kubernetes object (Service), not a list of questions; manifests go behind --files",
    ],
    ["just words\n", "1: this is no list of questions"],
    ["~\n", "1: this is no list of questions"],
    ["- from: a/x\n  to: [\n", "3: it is no valid YAML"],
    ['[{"from": "a/x",', "1: it is no valid YAML"],
    [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), "file: it is no text, and questions are YAML or JSON"],
  ])("asks nothing of %j, and says why", (text, why) => {
    const { asked, problems } = read(text);
    expect(asked).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(why)]);
  });

  it("takes a bomb of aliases for no question, and does not stay with it", () => {
    const levels = Array.from({ length: 30 }, (_, i) => `  - &a${i + 1} [*a${i}, *a${i}]`).join("\n");
    const { asked, problems } = read(`-\n  - &a0 [x, x]\n${levels}\n`);
    expect(asked).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it("gives back whatever questions were written, in YAML and in JSON, each with its line", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
    const questions = fc.array(
      fc.record({ from: word, to: word, comment: fc.boolean(), flow: fc.boolean() }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(questions, (written) => {
        let line = 1;
        let yaml = "";
        const lines: number[] = [];
        for (const { from, to, comment, flow } of written) {
          if (comment) yaml += "# from: no/one\n\n";
          if (comment) line += 2;
          lines.push(line);
          yaml += flow
            ? `- {from: "n/${from}",\n   to: n/${to}, expect: blocked}\n`
            : `- from: n/${from}\n  to: n/${to}\n  expect: blocked\n`;
          line += flow ? 2 : 3;
        }
        const expected = written.map(({ from, to }, i) => `${lines[i]}: n/${from} n/${to}`);
        expect(read(yaml)).toEqual({ asked: expected, problems: [] });

        const items = written.map(({ from, to }) => ({
          from: `n/${from}`,
          to: `n/${to}`,
          expect: "blocked",
        }));
        const inJson = written.map(({ from, to }, i) => `${2 + 5 * i}: n/${from} n/${to}`);
        expect(read(JSON.stringify(items, undefined, 2))).toEqual({ asked: inJson, problems: [] });
      }),
    );
  });
});
