import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, it } from "vitest";
import { faultyShop } from "./testing/report-of.ts";
import { type Place, placeWith, shop } from "./testing/run-command.ts";

let place: Place;
beforeAll(() => {
  place = placeWith({
    "healthy.yaml": shop,
    "faulty/shop.yaml": faultyShop,
    "ruled/shop.yaml": faultyShop,
    "ruled/.throughline.yaml": `ignore:
  - check: NET-101
    object: service/shop/cart
    reason: renamed next week
  - { check: NET-401, namespace: other, reason: a trial, until: 2020-01-31 }
`,
    "wrong.yaml": "ignore:\n  - { chek: NET-101, object: service/shop/cart, reason: why not }\n",
    "broken/shop.yaml": shop,
    "broken/typo.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: x\n",
  });
});
afterAll(() => place.remove());

describe.concurrent("throughline check", { timeout: 60_000 }, () => {
  it("says what is broken, where it stands, what would mend it, and ends with 1", async ({ expect }) => {
    const { out, err, code } = await place.run(["check", "faulty", "--complete", "--only", "NET-101"]);
    expect(out).toBe(`✗ error NET-101: No pod in shop carries the labels that cart selects: app=cart
    service/shop/cart  faulty/shop.yaml:1
    nearly: 1 label differs: the selector asks app=cart, pods of pod/carts-0 carry app=carts
    fix: In the selector of service/cart set app=carts, to match the pods of pod/carts-0
      kubectl -n shop patch service cart --type merge -p '{"spec":{"selector":{"app":"carts"}}}'
    see: kubectl -n shop get pods -l app=cart --show-labels
    affects: 1 Ingress, for shop.example.com

Ignored
  · NET-101 service/shop/old: No pod in shop carries the labels that old selects: app=old (says the annotation of service/shop/old, faulty/shop.yaml:6)

1 error in faulty: 1 check ran; 1 ignored
`);
    expect(err).toBe("");
    expect(code).toBe(1);
  });

  it("ends with 0 where there is nothing, and says what it could not judge", async ({ expect }) => {
    const asked = ["check", "healthy.yaml", "--fail-on", "info", "--only", "NET-101,NET-102"];
    const { out, err, code } = await place.run(asked);
    expect(out).toBe("No problem in healthy.yaml: 2 checks ran\n");
    expect(err).toBe("");
    expect(code).toBe(0);
    // A pod by itself makes a dump of it, which says nothing of Services.
    const dump = JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "shop", uid: "u", resourceVersion: "1" },
      spec: { containers: [{ name: "a" }] },
      status: { phase: "Running" },
    });
    const some = await place.run(["check", "-", "--only", "NET-101"], { stdin: dump });
    expect(some.out).toMatch(
      /Could not be judged in full\n {2}\? Service.*: The files hold none.* \(NET-101\)\n/,
    );
    expect(some.out).toContain("No problem in stdin: 1 check ran, 1 of them could not judge everything");
  });

  it("tells of input that it could not take, which only --strict takes for a failure", async ({ expect }) => {
    const { out, code } = await place.run(["check", "broken"]);
    expect(out).toMatch(/Not taken from the input\n {2}\? broken\/typo\.yaml:\d+: It is no valid YAML/);
    expect(code).toBe(0);
    expect((await place.run(["check", "broken", "--strict"])).code).toBe(2);
  });

  it.for([
    ["warning", 1],
    ["never", 0],
  ] as const)("with --fail-on %s ends with %i", async ([level, expected], { expect }) => {
    const asked = ["check", "faulty", "--complete", "--only", "NET-401", "--fail-on", level];
    expect((await place.run(asked)).code).toBe(expected);
  });

  it("looks no further than the level, the checks and the namespaces that it is asked for", async ({
    expect,
  }) => {
    const asked = ["check", "faulty", "--complete", "--only", "NET-101,NET-401"];
    const other = await place.run([...asked, "--namespace", "other"]);
    expect(other.out).not.toContain("shop/cart");
    expect(other.out).toContain("network-policy/other/nobody");
    expect(other.code).toBe(0);
    const named = await place.run([
      "check",
      "faulty",
      "--only",
      "policy/selects-nothing,net-101",
      "--namespace",
      "other",
    ]);
    expect(named.out).toMatch(/1 warning in faulty: 2 checks ran/);
  });

  it("prints JSON, and nothing else", async ({ expect }) => {
    const { out, err, code } = await place.run([
      "check",
      "faulty",
      "--complete",
      "--only",
      "NET-101,NET-401",
      "--output",
      "json",
    ]);
    expect(JSON.parse(out)).toMatchObject({
      cluster: "faulty",
      failOn: "error",
      failed: true,
      counts: { error: 1 },
      findings: expect.arrayContaining([
        expect.objectContaining({
          key: "NET-101/service/shop/cart/spec.selector",
          place: { file: "faulty/shop.yaml", line: 1 },
        }),
      ]),
      problems: expect.arrayContaining([expect.objectContaining({ root: 0, severity: "error" })]),
      ignored: [expect.objectContaining({ by: { kind: "annotation", object: "service/shop/old" } })],
    });
    expect(err).toBe("");
    expect(code).toBe(1);
  });

  it("ignores what a .throughline.yaml beside the files says, until its day, and tells both", async ({
    expect,
  }) => {
    const { out, code } = await place.run(["check", "ruled", "--complete", "--only", "NET-101,NET-401"]);
    expect(out).toContain(
      "· NET-101 service/shop/cart: No pod in shop carries the labels that cart selects: app=cart (renamed next week, says ruled/.throughline.yaml:2)",
    );
    expect(out).toContain("! NET-401 in other (a trial), says ruled/.throughline.yaml:5, until 2020-01-31");
    expect(out).toMatch(/1 warning in ruled: 2 checks ran; 2 ignored\n$/);
    expect(code).toBe(0);
  });

  it("cannot run with a configuration that it does not understand", async ({ expect }) => {
    const { err, code } = await place.run(["check", "faulty", "--config", "wrong.yaml"]);
    expect(err).toBe("throughline: wrong.yaml:2: chek is not known here; did you mean check?\n");
    expect(code).toBe(2);
  });

  it("reads standard input", async ({ expect }) => {
    const { out, code } = await place.run(["check", "-"], { stdin: faultyShop });
    expect(out).toContain("service/shop/cart  stdin:1");
    expect(code).toBe(1);
  });

  it("colours where colour is asked for, and says the same without", async ({ expect }) => {
    const asked = ["check", "faulty", "--complete"];
    const coloured = await place.run(asked, { env: { FORCE_COLOR: "1" } });
    expect(coloured.out).toContain("\x1b[31m✗");
    expect(stripVTControlCharacters(coloured.out)).toBe((await place.run(asked)).out);
  });

  it("checks the demo, from wherever it is started", async ({ expect }) => {
    const { out, code } = await place.run(["check", "--demo"]);
    expect(out).toMatch(/\d+ errors, \d+ warnings.* in Demo shop/);
    expect(code).toBe(1);
  });

  it.for<[readonly string[], string]>([
    [["nowhere"], "There is no file or folder nowhere."],
    [[], "No kubeconfig was found."],
    [["faulty", "--demo"], "faulty and --demo each ask for another cluster."],
    [["faulty", "--only", "NET-10"], "There is no check NET-10; did you mean NET-101?"],
    [["faulty", "--namespace", "shpo"], "There is no namespace shpo in faulty; did you mean shop?"],
    [["faulty", "--fail-on", "fatal"], "Allowed choices are error, warning, info, never"],
    [["faulty", "--otput", "json"], "unknown option '--otput'"],
  ])("with %j cannot run, and ends with 2", async ([words, why], { expect }) => {
    const { out, err, code } = await place.run(["check", ...words]);
    expect(err).toContain(why);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("can be asked what its help gives as examples", async ({ expect }) => {
    const help = await place.run(["check", "--help"]);
    const examples = help.out.match(/(?<=throughline )check .*--demo.*$/gm) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect((await place.run(example.split(" "))).code).toBeLessThan(2);
  });
});
