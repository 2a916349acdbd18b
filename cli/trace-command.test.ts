import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Place, placeWith, shop } from "./testing/run-command.ts";

const dump = `
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop, labels: { app: a }, uid: 1a, resourceVersion: "1", creationTimestamp: "2026-11-21T08:00:00Z" }
spec: { nodeName: n1, containers: [{ name: a }] }
status: { phase: Running, podIP: 10.1.0.1, podIPs: [{ ip: 10.1.0.1 }], conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: b, namespace: shop, labels: { app: b }, uid: 1b, resourceVersion: "2", creationTimestamp: "2026-11-21T08:00:00Z" }
spec: { nodeName: n1, containers: [{ name: b, ports: [{ containerPort: 80 }] }] }
status: { phase: Running, podIP: 10.1.0.2, podIPs: [{ ip: 10.1.0.2 }], conditions: [{ type: Ready, status: "True" }] }
`;

const byBlock = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: b, namespace: shop }
spec:
  podSelector: { matchLabels: { app: b } }
  ingress: [{ from: [{ ipBlock: { cidr: 10.1.0.0/16 } }] }]
`;

let place: Place;
beforeAll(() => {
  place = placeWith({
    "shop.yaml": shop,
    "dump.yaml": dump,
    "with-policy.yaml": `${dump}---${byBlock}`,
    "empty.yaml": "",
    "broken/good.yaml": shop,
    "broken/bad.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [\n",
  });
});
afterAll(() => place.remove());

const fromFiles = ["--files", "shop.yaml"];

describe.concurrent("throughline trace", () => {
  it("says that it is reachable, tells every hop, and ends with 0", async ({ expect }) => {
    const { out, err, code } = await place.run([
      "trace",
      "shop/deployment/frontend",
      "shop/service/cart",
      ...fromFiles,
    ]);
    expect(code).toBe(0);
    expect(err).toBe("");
    const lines = out.split("\n");
    expect(lines[0]).toBe("✓ frontend should reach cart on 80");
    expect(out).toContain("  deployment/frontend in shop → service/cart in shop, 80/TCP\n");
    expect(out).toMatch(/^ {2}✓ Service shop\/cart: /m);
    expect(out).toMatch(/^ {2}✓ Egress of shop\/frontend: no policy limits its egress$/m);
    expect(out).toMatch(/^ {2}✓ Ingress of shop\/cart: allowed by shop\/cart rule 1/m);
    expect(out).toMatch(/^ {6}see: kubectl -n shop get networkpolicy cart -o yaml$/m);
    expect(out).toMatch(/^ {2}\? Enforcement: /m);
    expect(lines.at(-2)).toBe("  Asked of shop.yaml");
  });

  it("says where it stops with the smallest fix as a line to paste, and ends with 1", async ({ expect }) => {
    const { out, code } = await place.run(["trace", "shop/statefulset/redis", "cart", ...fromFiles]);
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ redis should not reach cart on 80: a policy stops it at the destination\n/);
    expect(out).toMatch(/^ {2}✗ Ingress of shop\/cart: no rule admits it/m);
    expect(out).toMatch(/^ {6}fix: Add a rule to shop\/cart/m);
    expect(out).toMatch(/^ {8}kubectl -n shop patch networkpolicy cart --type json -p '\[\{"op":"add",/m);
  });

  it("says what is not known, what --complete would do about it, and ends with 1", async ({ expect }) => {
    const asked = ["trace", "shop/a", "shop/b", "--port", "80", "--files", "dump.yaml"];
    const without = await place.run(asked);
    expect(without.code).toBe(1);
    expect(without.out).toMatch(/^\? whether a reaches b on 80 is not known/);
    expect(without.out).toContain("say so with --complete.");
    const complete = await place.run([...asked, "--complete"]);
    expect(complete.out).toMatch(/^✓ a should reach b on 80\n/);
    expect(complete.code).toBe(0);
    expect(complete.out).toContain("Asked of dump.yaml, as of 2026-11-21 08:00:00 UTC");
  });

  it("takes by hand what the specification leaves to the network plugin", async ({ expect }) => {
    const asked = ["trace", "shop/a", "shop/b", "--port", "80", "--files", "with-policy.yaml", "--complete"];
    expect((await place.run(asked)).out).toMatch(/^\? /);
    expect((await place.run([...asked, "--ip-block-matches-pods", "yes"])).out).toMatch(/^✓ /);
    const env = { THROUGHLINE_IP_BLOCK_MATCHES_PODS: "yes" };
    expect((await place.run(asked, { env })).out).toMatch(/^✓ /);
    expect((await place.run([...asked, "--ip-block-matches-pods", "no"], { env })).out).toMatch(/^✗ /);
  });

  it("prints the trace as JSON with --json, and nothing else", async ({ expect }) => {
    const { out, err, code } = await place.run([
      "trace",
      "shop/deployment/frontend",
      "shop/statefulset/redis",
      "--port=6379",
      "--protocol=tcp",
      "--json",
      ...fromFiles,
    ]);
    expect(code).toBe(1);
    expect(err).toBe("");
    expect(JSON.parse(out)).toMatchObject({
      from: { text: "shop/deployment/frontend" },
      to: { text: "shop/statefulset/redis" },
      port: 6379,
      protocol: "TCP",
      verdict: "blocked",
      hops: expect.arrayContaining([expect.objectContaining({ kind: "ingress-policy", outcome: "block" })]),
    });
  });

  it("colours where colour is asked for, and says the same without", async ({ expect }) => {
    const asked = ["trace", "shop/deployment/frontend", "shop/service/cart", ...fromFiles];
    const plain = await place.run(asked);
    const coloured = await place.run(asked, { env: { FORCE_COLOR: "1" } });
    expect(plain.out).not.toContain("\x1b");
    expect(coloured.out).toContain("\x1b[32m✓");
    expect(stripVTControlCharacters(coloured.out)).toBe(plain.out);
    const refused = await place.run(asked, { env: { NO_COLOR: "1" } });
    expect(refused.out).toBe(plain.out);
  });

  it("asks the demo, from wherever it is started", async ({ expect }) => {
    const { out, code } = await place.run([
      "trace",
      "shop/deployment/checkout",
      "payments/service/payment-api",
      "--demo",
    ]);
    expect(code).toBe(1);
    expect(out).toContain("nearly: payment-api-from-checkout rule 1 admits 80/TCP");
  });

  it("can be asked what its help gives as examples", async ({ expect }) => {
    const help = await place.run(["trace", "--help"]);
    const examples = help.out.match(/(?<=throughline )trace .* --demo$/gm) ?? [];
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      const { out, err } = await place.run(example.split(" "));
      expect(err).toBe("");
      expect(out).toContain("Asked of Demo shop");
    }
  });

  it("says on stderr which files could not be taken, and answers from the rest", async ({ expect }) => {
    const { out, err } = await place.run([
      "trace",
      "shop/deployment/frontend",
      "shop/deployment/cart",
      "--files",
      "broken",
      "--json",
    ]);
    expect(err).toMatch(/^throughline: bad\.yaml:\d: /);
    expect(JSON.parse(out).from.text).toBe("shop/deployment/frontend");
  });

  it.for<[string, readonly string[], string]>([
    [
      "an end that does not exist",
      ["shop/deployment/frontent", "shop/service/cart"],
      "from: there is no Deployment frontent in shop; did you mean shop/deployment/frontend",
    ],
    ["a kind that does not exist", ["shop/gadget/x", "shop/service/cart"], "from: gadget is no kind"],
    [
      "a source without a namespace",
      ["frontend", "shop/service/cart"],
      "from: frontend is no source; from takes namespace/kind/name",
    ],
    ["a Service as the source", ["shop/service/cart", "shop/service/cart"], "which sends no packets"],
    [
      "a malformed CIDR",
      ["10.0.0.0/64", "shop/service/cart"],
      "from: 10.0.0.0/64 is no IP address and no CIDR",
    ],
    [
      "a port out of range",
      ["shop/deployment/frontend", "shop/service/cart", "--port", "70000"],
      "port: 70000 is no port; ports are whole numbers from 1 to 65535",
    ],
    [
      "an unknown protocol",
      ["shop/deployment/frontend", "shop/service/cart", "--protocol", "icmp"],
      "protocol: icmp is no protocol that Services and policies know; it may be TCP, UDP or SCTP",
    ],
    ["no target", ["shop/deployment/frontend"], "missing required argument 'to'"],
    ["too many words", ["a/b", "c/d", "e/f"], "too many arguments"],
    ["an unknown setting", ["a/b", "c/d", "--host-network", "maybe"], "Allowed choices are as-node, as-pod"],
  ])("cannot ask about %s: says why, and ends with 2", async ([, words, why], { expect }) => {
    const { out, err, code } = await place.run(["trace", ...words, ...fromFiles]);
    expect(err).toContain(why);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it.for<[string, readonly string[], string]>([
    ["a file that is not there", ["--files", "nowhere.yaml"], "There is no file or folder nowhere.yaml."],
    [
      "a file without objects",
      ["--files", "empty.yaml"],
      "There are no Kubernetes objects to show in empty.yaml.",
    ],
    ["no kubeconfig", [], "No kubeconfig was found."],
    ["a context that is not there", ["--context", "prod"], "No kubeconfig was found."],
    ["a whole cluster", ["--complete"], "--complete is about files, and needs --files"],
    ["two clusters", ["--demo", "--files", "shop.yaml"], "cannot be used with option"],
  ])(
    "cannot ask %s: says so, never asks the demo instead, and ends with 2",
    async ([, words, why], { expect }) => {
      const { out, err, code } = await place.run(["trace", "shop/a", "shop/b", ...words]);
      expect(err).toContain(why);
      expect(out).toBe("");
      expect(code).toBe(2);
    },
  );

  it("says that a cluster cannot be reached, and ends with 2", async ({ expect }) => {
    const kubeconfig = placeWith({
      config:
        "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: k, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: u, user: {token: t}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n",
    });
    const { err, code } = await kubeconfig.run(["trace", "a/b", "c/d"], { env: { KUBECONFIG: "config" } });
    expect(err).toContain("127.0.0.1:1 cannot be reached.");
    expect(code).toBe(2);
    kubeconfig.remove();
  });
});
