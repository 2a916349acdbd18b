import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Place, placeWith, shop } from "./testing/run-command.ts";

const asExpected = `# expectations
- from: shop/deployment/frontend
  to: shop/service/cart
  port: web
  protocol: TCP
  expect: reachable
- { from: shop/statefulset/redis, to: cart.shop, expect: blocked }
---
- from: internet
  to: shop/statefulset/redis
  port: 6379
  expect: blocked
`;

const differing = `- from: shop/statefulset/redis
  to: shop/service/cart
  port: 80
  expect: reachable
- from: shop/deployment/frontend
  to: shop/service/cart
  expect: reachable
`;

const faulty = `- from: shop/deployment/frontent
  to: shop/service/cart
  expect: reachable
- from: shop/deployment/frontend
  to: shop/service/cart
  expect: reachable
- from: shop/deployment/frontend
  to: shop/service/cart
  port: 0
  expect: reachable
- from: shop/deployment/frontend
  to: shop/service/card
  expect: yes
- from: shop/deployment/frontend
  to: shop/deployment/card
  port: 8080
  expect: reachable
- form: shop/deployment/frontend
  from: 10.0.0.0/99
  to: shop/service/cart
  expect: blocked
`;

let place: Place;
beforeAll(() => {
  place = placeWith({
    "shop.yaml": shop,
    "good.yaml": asExpected,
    "good.json": JSON.stringify([
      { from: "shop/deployment/frontend", to: "shop/deployment/cart", port: 8080, expect: "reachable" },
    ]),
    "differing.yaml": differing,
    "faulty.yaml": faulty,
    "empty.yaml": "",
    "manifest.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n",
    "broken.yaml": "- from: a/b\n  to: [\n",
    "folder/a.yaml": asExpected,
  });
});
afterAll(() => place.remove());

const fromFiles = ["--files", "shop.yaml"];

describe.concurrent("throughline assert", () => {
  it("prints a line each and a summary, and ends with 0 where all is as expected", async ({ expect }) => {
    const { out, err, code } = await place.run(["assert", "good.yaml", "good.json", ...fromFiles]);
    expect(out).toBe(`✓ shop/deployment/frontend → shop/service/cart web 80/TCP  reachable
✓ shop/statefulset/redis → cart.shop 80/TCP  blocked
✓ internet → shop/statefulset/redis 6379/TCP  blocked
✓ shop/deployment/frontend → shop/deployment/cart 8080/TCP  reachable

4 questions asked of shop.yaml: 4 as expected
`);
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  it("says of a difference what was expected, why, and where it stands, and ends with 1", async ({
    expect,
  }) => {
    const { out, code } = await place.run(["assert", "differing.yaml", ...fromFiles]);
    expect(out).toBe(`✗ shop/statefulset/redis → shop/service/cart 80/TCP  blocked, expected reachable
    redis should not reach cart on 80: a policy stops it at the destination
    ✗ Ingress of shop/cart: no rule admits it; isolated by shop/cart
    differing.yaml:1
✓ shop/deployment/frontend → shop/service/cart 80/TCP  reachable

2 questions asked of shop.yaml: 1 as expected, 1 differs
`);
    expect(code).toBe(1);
  });

  it("lists every question that cannot be asked with its line and the nearest names, answers the rest, and ends with 2", async ({
    expect,
  }) => {
    const { out, err, code } = await place.run(["assert", "faulty.yaml", ...fromFiles]);
    const told = err.trimEnd().split("\n");
    expect(told).toEqual([
      expect.stringMatching(
        /^throughline: faulty\.yaml:1: from: there is no Deployment frontent in shop; did you mean shop\/deployment\/frontend/,
      ),
      expect.stringMatching(/^throughline: faulty\.yaml:9: port: 0 is no port/),
      expect.stringMatching(/^throughline: faulty\.yaml:13: expect: yes is no verdict/),
      expect.stringMatching(
        /^throughline: faulty\.yaml:15: to: there is no Deployment card in shop; did you mean shop\/deployment\/cart/,
      ),
      expect.stringMatching(
        /^throughline: faulty\.yaml:18: form is no field of a question; did you mean from\?/,
      ),
    ]);
    expect(out).toContain("✓ shop/deployment/frontend → shop/service/cart 80/TCP  reachable");
    expect(out).toContain("1 question asked of shop.yaml: 1 as expected, 5 problems");
    expect(code).toBe(2);
  });

  it("ends with 2 rather than 1 where answers differ and something cannot be asked", async ({ expect }) => {
    const { out, code } = await place.run(["assert", "differing.yaml", "faulty.yaml", ...fromFiles]);
    expect(out).toContain("1 differs, 5 problems");
    expect(code).toBe(2);
  });

  it("prints JSON of the shape that is promised", async ({ expect }) => {
    const { out, err, code } = await place.run([
      "assert",
      "good.yaml",
      "differing.yaml",
      "--json",
      ...fromFiles,
    ]);
    const answers: readonly Record<string, unknown>[] = JSON.parse(out);
    expect(answers).toHaveLength(5);
    for (const answer of answers)
      expect(Object.keys(answer)).toEqual([
        "from",
        "to",
        "port",
        "protocol",
        "expect",
        "verdict",
        "pass",
        "hops",
      ]);
    expect(answers[0]).toMatchObject({
      from: "shop/deployment/frontend",
      to: "shop/service/cart",
      port: "web",
      protocol: "TCP",
      expect: "reachable",
      verdict: "reachable",
      pass: true,
      hops: expect.arrayContaining([expect.objectContaining({ kind: "service", outcome: "pass" })]),
    });
    expect(answers[3]).toMatchObject({ expect: "reachable", verdict: "blocked", pass: false });
    expect(err).toBe("");
    expect(code).toBe(1);
  });

  it("prints valid JSON where some or all of it cannot be asked", async ({ expect }) => {
    const some = await place.run(["assert", "faulty.yaml", "--json", ...fromFiles]);
    expect(JSON.parse(some.out)).toHaveLength(1);
    expect(some.code).toBe(2);
    const stdin = "[{from: shop/x, to: shop/y, expect: blocked}]";
    const none = await place.run(["assert", "-", "--json", ...fromFiles], { stdin });
    expect(JSON.parse(none.out)).toEqual([]);
    expect(none.err).toContain("stdin:1: from: there is no Pod x in shop");
    expect(none.code).toBe(2);
  });

  it("reads standard input", async ({ expect }) => {
    const { out, code } = await place.run(["assert", "-", "good.json", ...fromFiles], { stdin: asExpected });
    expect(out).toContain("4 questions asked of shop.yaml: 4 as expected");
    expect(code).toBe(0);
  });

  it("says of every file that it cannot read why, asks the rest, and ends with 2", async ({ expect }) => {
    const unreadable = {
      "nowhere.yaml": "nowhere.yaml: there is no such file",
      "good.yaml/x": "good.yaml/x: there is no such file",
      folder: "folder: it is a folder; name the files of questions in it",
      "empty.yaml": "empty.yaml: it holds no question; it takes a list of {from, to, port, protocol, expect}",
      "manifest.yaml":
        "manifest.yaml:1: this is a Kubernetes object (Service), not a list of questions; manifests go behind --files",
      "broken.yaml": "broken.yaml:3: it is no valid YAML: deficient indentation",
    };
    const files = Object.keys(unreadable);
    const beside = await place.run(["assert", ...files, "good.json", ...fromFiles]);
    const told = Object.values(unreadable).map((why) => `throughline: ${why}\n`);
    expect(beside.err).toBe(told.join(""));
    expect(beside.out).toContain("1 question asked of shop.yaml: 1 as expected, 6 problems");
    expect(beside.code).toBe(2);
    // Without a question there is nothing to read a cluster for.
    const alone = await place.run(["assert", ...files, "--files", "nowhere"]);
    expect(alone.err).toBe(told.join(""));
    expect(alone.out).toBe("");
    expect(alone.code).toBe(2);
  });

  it.for<[readonly string[], string]>([
    [[], "missing required argument 'file'"],
    [["faulty.yaml", "--files", "nowhere"], "There is no file or folder nowhere."],
    [["faulty.yaml"], "No kubeconfig was found."],
    [["good.yaml", "--complete"], "needs --files"],
    [["good.yaml", "--ip-block-matches-nodes", "maybe"], "Allowed choices are yes, no"],
  ])("with %j has nothing to ask, and ends with 2", async ([words, why], { expect }) => {
    const { out, err, code } = await place.run(["assert", ...words]);
    expect(err).toContain(why);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("tells what is malformed even where the cluster cannot be read", async ({ expect }) => {
    const { err } = await place.run(["assert", "faulty.yaml", "--files", "nowhere"]);
    expect(err).toContain("faulty.yaml:9: port: 0 is no port");
    expect(err).toContain("There is no file or folder nowhere.");
  });

  it("answers 10,000 questions over one snapshot, in lines and in JSON", async ({ expect }) => {
    const ends = ["shop/deployment/frontend", "shop/statefulset/redis", "internet"];
    const questions = Array.from({ length: 10_000 }, (_, i) => ({
      from: ends[i % ends.length],
      to: "shop/service/cart",
      port: (i % 499) + 1,
      expect: "blocked",
    }));
    const open = questions.filter(({ from, port }) => from === ends[0] && port === 80).length;
    const many = placeWith({ "many.json": JSON.stringify(questions), "shop.yaml": shop });
    const lines = await many.run(["assert", "many.json", ...fromFiles]);
    expect(lines.out.trimEnd().split("\n").at(-1)).toBe(
      `10,000 questions asked of shop.yaml: 9,99${10 - open} as expected, ${open} differ`,
    );
    expect(lines.code).toBe(1);
    const json = await many.run(["assert", "many.json", "--json", ...fromFiles]);
    expect(JSON.parse(json.out)).toHaveLength(10_000);
    many.remove();
  }, 60_000);

  it("does not print a stack where its reader goes away", async ({ expect }) => {
    const many = placeWith({ "many.yaml": differing.repeat(3_000), "shop.yaml": shop });
    const child = spawn(
      process.execPath,
      [path.resolve(import.meta.dirname, "main.ts"), "assert", "many.yaml", ...fromFiles],
      { cwd: many.folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = await once(child, "close");
    expect(err).toBe("");
    expect(code).toBe(2);
    many.remove();
  });
});

it("the question file of the help is one that can be asked", async ({ expect }) => {
  const help = await place.run(["assert", "--help"]);
  const example = help.out.slice(help.out.indexOf("  - from:"), help.out.indexOf("The ends are"));
  const { out, code } = await place.run(["assert", "-", "--files", "shop.yaml"], {
    stdin: example.replace("port: 8080 ", "port: 80 "),
  });
  expect(out).toContain("2 questions asked of shop.yaml: 2 as expected");
  expect(code).toBe(0);
});
