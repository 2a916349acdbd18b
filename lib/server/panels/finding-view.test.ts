import { describe, expect, it } from "vitest";
import type { Finding } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import { cannotTellSchema, findingSchema } from "#lib/protocol/finding.ts";
import { cannotTellView, findingsAbout, findingView } from "./finding-view.ts";

const web = objectId("service", "shop", "web");
const front = objectId("ingress", "shop", "front");
const finding: Finding = {
  code: "NET-101",
  check: "service/selector-matches-nothing",
  severity: "error",
  subject: web,
  message: "web selects no pod",
  evidence: [{ object: web, path: "spec.selector", value: "app=web" }],
  fix: {
    text: "Change the label",
    patch: { object: web, type: "merge", body: `{"spec":{"selector":{"app":"it's"}}}` },
  },
  kubectl: "kubectl -n shop get pods",
  touches: [front],
  follows: [],
};

describe("a finding on the wire", () => {
  it("carries its patch as a command that a shell takes, and nothing that its schema does not know", () => {
    const view = findingView(finding);
    expect(view.fix).toEqual({
      text: "Change the label",
      command: `kubectl -n shop patch service web --type merge -p '{"spec":{"selector":{"app":"it'\\''s"}}}'`,
      patch: {
        object: web,
        type: "merge",
        body: `{"spec":{"selector":{"app":"it's"}}}`,
        lines: [
          { sign: " ", text: "service/shop/web" },
          { sign: "+", text: "spec:" },
          { sign: "+", text: "  selector:" },
          { sign: "+", text: "    app: it's" },
        ],
      },
      manifest: undefined,
    });
    expect(findingSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  });

  it("carries a manifest where there is one, and no command without a patch", () => {
    const view = findingView({ ...finding, fix: { text: "Create it", manifest: "kind: Service" } });
    expect(view.fix).toEqual({ text: "Create it", command: undefined, manifest: "kind: Service" });
  });

  it("patches cluster-scoped kinds without a namespace", () => {
    const node = objectId("ingress-class", undefined, "nginx");
    const view = findingView({
      ...finding,
      fix: { text: "t", patch: { object: node, type: "json", body: "[]" } },
    });
    expect(view.fix.command).toBe("kubectl patch ingressclass nginx --type json -p '[]'");
  });

  it("shows on its subject and on what it touches, and on nothing else", () => {
    expect(findingsAbout([finding], web)).toEqual([finding]);
    expect(findingsAbout([finding], front)).toEqual([finding]);
    expect(findingsAbout([finding], objectId("service", "shop", "web2"))).toEqual([]);
  });
});

describe("what cannot be told, on the wire", () => {
  it("parses with its schema, with and without a failed check", () => {
    const missing = [{ kind: "pods", why: "forbidden" }] as const;
    for (const error of [undefined, "boom"]) {
      const view = cannotTellView({ code: "NET-101", check: "c", summary: "s", missing, error });
      expect(cannotTellSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
    }
  });
});
