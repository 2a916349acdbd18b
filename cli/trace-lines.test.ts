import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import type { Hop, Trace } from "#lib/model/trace.ts";
import type { Look } from "./marked-lines.ts";
import { traceLines } from "./trace-lines.ts";

const plain: Look = { paint: (_tone, text) => text, width: undefined };

function hop(given: Partial<Hop>): Hop {
  return {
    kind: "ingress-policy",
    outcome: "pass",
    title: "Ingress of shop/cart",
    sentence: "no policy limits its ingress",
    evidence: [],
    clauses: [],
    remarks: [],
    doubts: [],
    sides: [{ who: "", outcome: "pass", sentence: "no policy limits its ingress" }],
    nodes: [],
    ...given,
  };
}

function trace(given: Partial<Trace>): Trace {
  return {
    from: { text: "shop/deployment/web", words: "deployment/web in shop", name: "web" },
    to: { text: "shop/service/cart", words: "service/cart in shop", name: "cart" },
    port: 80,
    protocol: "TCP",
    verdict: "reachable",
    sentence: "web should reach cart on 80",
    blockers: [],
    enforcement: { state: "enforced", sentence: "Calico: calico-node ready on 3 of 3 nodes", evidence: [] },
    hops: [],
    sides: [],
    remarks: [],
    doubts: [],
    path: [],
    ...given,
  };
}

const lines = (given: Partial<Trace>, look = plain) => traceLines(trace(given), look).join("\n");
const hopLines = (given: Partial<Hop>) => lines({ hops: [hop(given)] });

describe("traceLines", () => {
  it.each([
    ["reachable", "✓"],
    ["blocked", "✗"],
    ["depends", "~"],
    ["unknown", "?"],
  ] as const)("opens a verdict %s with %s and its sentence", (verdict, sign) => {
    expect(lines({ verdict, sentence: "web …" }).split("\n")[0]).toBe(`${sign} web …`);
  });

  it("says what was asked: the ends in words, the port with its name, the protocol", () => {
    expect(lines({ portName: "http" })).toContain(
      "deployment/web in shop → service/cart in shop, http 80/TCP",
    );
    expect(lines({ port: undefined, protocol: "UDP" })).toContain("service/cart in shop, any port/UDP");
  });

  it("lists what the sides come to, and every doubt that the sentence does not name", () => {
    const doubt = (sentence: string) => ({ code: "unread", sentence, objects: [] }) as const;
    const said = lines({
      verdict: "unknown",
      sides: [
        { who: "to cart-0", verdict: "reachable", why: "" },
        { who: "to cart-1", verdict: "unknown", why: "nodes were not read" },
      ],
      doubts: [doubt("nodes were not read"), doubt("policies were not read")],
    });
    expect(said).toContain("\n    ✓ to cart-0\n    ? to cart-1: nodes were not read\n");
    expect(said).toContain("\n    also not known: policies were not read\n");
    expect(said).not.toContain("also not known: nodes");
  });

  it("gives a hop one line where all paths meet the same, and a line for each side where they differ", () => {
    expect(hopLines({})).toContain("\n  ✓ Ingress of shop/cart: no policy limits its ingress\n");
    const sides = [
      { who: "to cart-1", outcome: "block", sentence: "no rule admits it" },
      { who: "to cart-0", outcome: "pass", sentence: "allowed" },
    ] as const;
    expect(hopLines({ outcome: "partial", sides })).toContain(
      "\n  ~ Ingress of shop/cart\n      ✗ to cart-1: no rule admits it\n      ✓ to cart-0: allowed\n",
    );
  });

  it("names the only side that stops, where other paths do not come by", () => {
    const sides = [{ who: "by its name", outcome: "block", sentence: "it cannot ask DNS" }] as const;
    expect(hopLines({ title: "DNS", outcome: "partial", sides })).toContain(
      "\n  ~ DNS\n      ✗ by its name: it cannot ask DNS\n",
    );
  });

  it("gives the near miss, the fix as a line to paste, what is worth knowing, and kubectl's word for it", () => {
    const object = objectId("network-policy", "shop", "cart");
    const said = hopLines({
      outcome: "block",
      nearMiss: "rule 1 admits 80/TCP",
      fix: { text: "Name port 8080", patch: { object, type: "json", body: '[{"op":"add"}]' } },
      remarks: ["1 of 2 is ready"],
      kubectl: "kubectl -n shop get networkpolicy cart -o yaml",
    });
    expect(said).toContain(`
      nearly: rule 1 admits 80/TCP
      fix: Name port 8080
        kubectl -n shop patch networkpolicy cart --type json -p '[{"op":"add"}]'
      note: 1 of 2 is ready
      see: kubectl -n shop get networkpolicy cart -o yaml
`);
  });

  it("gives what is to be created as a manifest below the line that takes it", () => {
    const fix = { text: "Create it", manifest: "kind: ReferenceGrant\nspec: {}\n" };
    expect(hopLines({ fix })).toContain(
      "\n      fix: Create it\n        kubectl apply -f -\n        kind: ReferenceGrant\n        spec: {}\n",
    );
  });

  it("tells a doubt of a hop once", () => {
    const doubts = [
      { code: "unread", sentence: "nodes were not read", objects: [] },
      { code: "unread", sentence: "events were not read", objects: [] },
    ] as const;
    const sides = [{ who: "", outcome: "unknown", sentence: "not known: nodes were not read" }] as const;
    const said = hopLines({ outcome: "unknown", sentence: "not known: nodes were not read", sides, doubts });
    expect(said.match(/nodes were not read/g)).toHaveLength(1);
    expect(said).toContain("\n      not known: events were not read\n");
  });

  it("does not repeat a line of kubectl that was just given", () => {
    const kubectl = "kubectl -n shop get service cart";
    const said = lines({ hops: [hop({ kubectl }), hop({ kubectl }), hop({ kubectl: "kubectl get pods" })] });
    expect(said.match(/see: /g)).toHaveLength(2);
  });

  it("tells the way to a proxy from the way behind it", () => {
    const hops = [
      hop({ leg: "entry", title: "A" }),
      hop({ leg: "entry", title: "B" }),
      hop({ leg: "backend", title: "C" }),
    ];
    const told = lines({ hops }).split("\n").slice(4, 9);
    expect(told.map((line) => line.trim().split(":")[0])).toEqual([
      "on the way in",
      "✓ A",
      "✓ B",
      "from there on",
      "✓ C",
    ]);
  });

  it.each([
    ["enforced", "✓"],
    ["partly", "~"],
    ["none-found", "✗"],
    ["unknown", "?"],
  ] as const)("ends with whether policies are enforced: %s", (state, sign) => {
    const said = lines({
      remarks: ["kube-dns 1 of 2"],
      enforcement: { state, sentence: "Calico", evidence: [] },
    });
    expect(said).toMatch(new RegExp(`\\n  note: kube-dns 1 of 2\\n  \\${sign} Enforcement: Calico$`));
  });

  it("wraps sentences to the screen and leaves commands whole", () => {
    const sentence = "the only endpoint of cart is not ready: its readiness probe fails with HTTP 503";
    const kubectl = "kubectl -n shop get endpointslices -l kubernetes.io/service-name=cart -o wide";
    const said = lines(
      { hops: [hop({ sentence, kubectl, sides: [{ who: "", outcome: "pass", sentence }] })] },
      { ...plain, width: 50 },
    );
    for (const line of said.split("\n"))
      if (!line.includes("kubectl")) expect(line.length).toBeLessThanOrEqual(50);
    expect(said).toContain(`      see: ${kubectl}`);
    expect(said.replaceAll(/\n {4}(?=\S)/g, " ")).toContain(sentence);
  });

  it("marks tones beside the signs, and never instead of them", () => {
    const toned: Look = { paint: (tone, text) => `<${tone}>${text}</>`, width: 60 };
    const said = lines({ verdict: "blocked", hops: [hop({ outcome: "block" })] }, toned);
    expect(said).toContain("<bad>✗ web should reach cart on 80</>");
    expect(said).toContain("  <bad>✗</> <strong>Ingress of shop/cart</>: no policy");
    expect(said.replaceAll(/<[/\w]*>/g, "")).toBe(
      lines({ verdict: "blocked", hops: [hop({ outcome: "block" })] }, { ...plain, width: 60 }),
    );
  });

  it("passes no escape sequence of the cluster's on to the terminal", () => {
    const evil = "probe says \x1b[2J\n  ✓ well";
    const object = objectId("service", "shop", "cart");
    const said = lines({
      sentence: evil,
      remarks: [evil],
      sides: [{ who: evil, verdict: "blocked", why: evil }],
      hops: [
        hop({
          title: evil,
          sentence: evil,
          nearMiss: evil,
          remarks: [evil],
          kubectl: evil,
          fix: { text: evil, patch: { object, type: "json", body: evil }, manifest: evil },
          sides: [{ who: evil, outcome: "block", sentence: evil }],
        }),
      ],
      enforcement: { state: "enforced", sentence: evil, evidence: [] },
    });
    expect(said).not.toContain("\x1b");
    expect(said.replace(/kubectl apply -f -\n.*\n.*/, "")).not.toMatch(/^ *✓ well/m);
  });
});
