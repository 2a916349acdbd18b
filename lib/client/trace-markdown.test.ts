import { describe, expect, it } from "vitest";
import type { HopView, TraceView } from "#lib/protocol/trace.ts";
import { traceToWire } from "#lib/protocol/trace.ts";
import { fixView } from "#lib/server/panels/finding-view.ts";
import { traceOf, worldFromYaml } from "#lib/testing/ask.ts";
import { base, pod, policy, service } from "#lib/testing/cluster-yaml.ts";
import { traceMarkdown } from "./trace-markdown.ts";

const where = { link: "http://localhost:4640/trace?from=a&to=b", checked: "checked 12:00" };

function hop(parts: Partial<HopView> = {}): HopView {
  return {
    kind: "destination",
    outcome: "pass",
    title: "Listening on 80",
    sentence: "web-0 runs",
    evidence: [],
    clauses: [],
    remarks: [],
    doubts: [],
    sides: [],
    nodes: [],
    ...parts,
  };
}

function trace(parts: Partial<TraceView> = {}): TraceView {
  return {
    from: { text: "shop/client-0", words: "pod/client-0 in shop", name: "client-0" },
    to: { text: "shop/service/web", words: "service/web in shop", name: "web" },
    port: 80,
    protocol: "TCP",
    verdict: "reachable",
    sentence: "client-0 should reach web on 80",
    blockers: [],
    enforcement: { state: "enforced", sentence: "Calico: calico-node ready on 2 of 2 nodes", evidence: [] },
    hops: [hop()],
    sides: [],
    remarks: [],
    doubts: [],
    path: [],
    ...parts,
  };
}

const markdown = (parts: Partial<TraceView>) => traceMarkdown(trace(parts), where);
const blocked = (parts: Partial<HopView>) => markdown({ hops: [hop({ outcome: "block", ...parts })] });

describe("a trace as Markdown", () => {
  it("is a verdict, the question with its link, the hops, and what it rests on", () => {
    expect(markdown({})).toBe(`### ✅ Reachable: client-0 should reach web on 80

\`shop/client-0\` → \`shop/service/web\`, port 80/TCP · [open in Throughline](${where.link})

1. ✅ **Listening on 80**: web-0 runs

_As configured · checked 12:00 · Calico: calico-node ready on 2 of 2 nodes._

`);
  });

  it.each([
    ["reachable", "### ✅ Reachable:"],
    ["blocked", "### ❌ Blocked:"],
    ["depends", "### 🟡 Depends:"],
    ["unknown", "### ❔ Unknown:"],
  ] as const)("has the sign of its verdict: %s", (verdict, head) => {
    expect(markdown({ verdict })).toContain(head);
  });

  it.each([
    ["pass", "✅"],
    ["partial", "🟡"],
    ["block", "❌"],
    ["unknown", "❔"],
    ["skipped", "➖"],
  ] as const)("has the sign of each hop: %s", (outcome, sign) => {
    expect(markdown({ hops: [hop({ outcome })] })).toContain(`1. ${sign} **Listening on 80**`);
  });

  it("tells of each path where they differ", () => {
    const text = markdown({
      verdict: "depends",
      sides: [
        { who: "from node-1", verdict: "reachable", why: "" },
        { who: "from node-2", verdict: "blocked", why: "no rule admits it" },
      ],
      hops: [
        hop({
          outcome: "partial",
          sides: [
            { who: "from node-1", outcome: "pass", sentence: "its own node" },
            { who: "from node-2", outcome: "block", sentence: "no rule admits it" },
          ],
        }),
      ],
    });
    expect(text).toContain("- ✅ from node-1: reachable\n- ❌ from node-2: blocked, no rule admits it\n");
    expect(text).toContain("   - ✅ from node-1: its own node\n   - ❌ from node-2: no rule admits it");
  });

  it("puts remarks below, each by itself, and says nothing of a port that is not known", () => {
    const text = markdown({ remarks: ["one", "two"], port: undefined });
    expect(text).toContain("> one\n>\n> two");
    expect(text).toContain("`shop/service/web`/TCP ·");
  });
});

describe("what stops it", () => {
  it("has its near miss, its fix, the command, the manifest and a line that shows it", () => {
    expect(
      blocked({
        nearMiss: "rule 2 names port 80",
        fix: {
          text: "Name port 8080",
          command: "kubectl patch a",
          manifest: "kind: NetworkPolicy\nspec: {}\n",
        },
        kubectl: "kubectl get pods",
      }),
    ).toContain(`1. ❌ **Listening on 80**: web-0 runs
   - nearly: rule 2 names port 80
   - fix: Name port 8080

   \`\`\`
   kubectl patch a
   \`\`\`

   \`\`\`
   kind: NetworkPolicy
   spec: {}
   \`\`\`

   \`\`\`
   kubectl get pods
   \`\`\`
`);
  });

  it("has them wherever it is stopped, and a hop that passes has none", () => {
    const fix = (n: number) => ({ text: `fix ${n}`, command: `kubectl patch ${n}` });
    const text = markdown({
      hops: [
        hop({ outcome: "block", fix: fix(1) }),
        hop({ outcome: "pass", fix: fix(2), kubectl: "kubectl get passing" }),
        hop({ outcome: "partial", fix: fix(3) }),
      ],
    });
    for (const n of [1, 3])
      expect(text).toContain(`   - fix: fix ${n}\n\n   \`\`\`\n   kubectl patch ${n}\n`);
    expect(text).not.toContain("fix 2");
    expect(text).not.toContain("kubectl get passing");
  });

  it("has them in a trace of two policies that refuse", () => {
    const yaml = [
      base,
      pod("shop/web-0", { ips: ["10.244.1.10"], node: "node-1", ports: "http:8080" }),
      pod("payments/ledger-0", { ips: ["10.244.2.10"], node: "node-2", ports: "5432" }),
      service("payments/ledger", { ip: "10.96.0.50", ports: "5432" }),
      policy("shop/out", "podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]"),
      policy("payments/deny", "podSelector: {}"),
    ].join("");
    const answer = traceToWire(
      traceOf(worldFromYaml(yaml), "shop/web-0 payments/service/ledger 5432"),
      fixView,
    );
    const stopped = answer.hops.filter(({ outcome }) => outcome === "block");
    const text = traceMarkdown(answer, where);
    expect(stopped.map(({ kind }) => kind)).toEqual(["egress-policy", "ingress-policy"]);
    for (const { fix, kubectl } of stopped) {
      const parts = [fix?.command, fix?.manifest, kubectl].filter((part) => part !== undefined);
      expect(parts.length).toBeGreaterThan(1);
      for (const part of parts)
        for (const line of part.trimEnd().split("\n")) expect(text).toContain(`   ${line}\n`);
    }
  });
});

describe("names and messages", () => {
  it.each([
    ["a_b*c", "a\\_b\\*c"],
    ["a|b", "a\\|b"],
    ["<img src=x>", "\\<img src=x\\>"],
    ["[here](http://x)", "\\[here\\](http://x)"],
    ["`code`", "\\`code\\`"],
    ["~~gone~~", "\\~\\~gone\\~\\~"],
    ["# head", "\\# head"],
    ["back\\slash", "back\\\\slash"],
  ])("are taken literally everywhere: %s", (name, literal) => {
    expect(markdown({ sentence: name })).toContain(`### ✅ Reachable: ${literal}\n`);
    expect(markdown({ hops: [hop({ title: name })] })).toContain(`**${literal}**`);
    expect(markdown({ hops: [hop({ sentence: name })] })).toContain(`**Listening on 80**: ${literal}\n`);
    expect(markdown({ remarks: [name] })).toContain(`> ${literal}\n`);
    expect(markdown({ sides: [{ who: name, verdict: "blocked", why: name }] })).toContain(
      `- ❌ ${literal}: blocked, ${literal}\n`,
    );
    expect(blocked({ nearMiss: name, fix: { text: name } })).toContain(
      `   - nearly: ${literal}\n   - fix: ${literal}\n`,
    );
  });

  it.each([
    ["kubectl get pods", "```"],
    ["echo `date`", "```"],
    ["```yaml\nkind: Pod\n```", "````"],
    ["a `````` b", "```````"],
  ])("in code stay as they are, behind a fence that they do not close: %j", (command, fence) => {
    const lines = command.split("\n").map((line) => `   ${line}\n`);
    expect(blocked({ kubectl: command })).toContain(`\n   ${fence}\n${lines.join("")}   ${fence}\n`);
  });
});
