import { describe, expect, it } from "vitest";
import type { Found } from "./found.ts";
import { readText } from "./read-text.ts";

function found(
  text: string | Buffer,
  options: { cut?: boolean; maxDocumentBytes?: number } = {},
): readonly Found[] {
  const reading = readText(Buffer.from(text), { cut: false, maxDocumentBytes: 1_000_000, ...options });
  return reading.kind === "found" ? [...reading.found] : [];
}

/** Names of objects and lines, and what went wrong where. */
function told(
  text: string | Buffer,
  options: { cut?: boolean; maxDocumentBytes?: number } = {},
): readonly string[] {
  return found(text, options).map((thing) => {
    switch (thing.kind) {
      case "object": {
        const value = JSON.parse(JSON.stringify(thing.value));
        return `${value.kind} ${value.metadata?.name} @${thing.line}`;
      }
      case "list":
        return `list of ${thing.itemKind}`;
      case "lost":
        return `lost ${thing.apiKind ?? "?"} @${thing.line}`;
      case "cut":
        return `cut ${thing.itemKind ?? "?"} @${thing.line}`;
      case "too-large":
        return `too large @${thing.line}`;
      default:
        return thing.kind;
    }
  });
}

const item = (name: string) => `- apiVersion: v1
  kind: Service
  metadata:
    name: ${name}
`;

describe("readText of YAML", () => {
  it("reads each document of a stream, with its line", () => {
    expect(
      told(`# a comment
apiVersion: v1
kind: Service
metadata: {name: a}
---
# nothing here
---
apiVersion: v1
kind: Service
metadata: {name: b}
...
---   # c
apiVersion: v1
kind: Service
metadata: {name: c}
--- {apiVersion: v1, kind: Service, metadata: {name: d}}
`),
    ).toEqual(["Service a @2", "Service b @8", "Service c @13", "Service d @16"]);
  });

  it("takes a directive and a byte order mark", () => {
    expect(told("\uFEFF%YAML 1.2\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n")).toEqual([
      "Service a @3",
    ]);
  });

  it("takes Windows line ends", () => {
    expect(
      told(`apiVersion: v1\nkind: List\nitems:\n${item("a")}${item("b")}`.replaceAll("\n", "\r\n")),
    ).toEqual(["Service a @4", "Service b @8"]);
    expect(told("apiVersion: v1\r\nkind: Service\r\nmetadata: {name: a}\r\n---\r\nfoo: bar\r\n")).toEqual([
      "Service a @1",
      "other",
    ]);
  });

  it("takes the UTF-16 that PowerShell writes", () => {
    const text = "\uFEFFapiVersion: v1\nkind: Service\nmetadata: {name: ä}\n";
    expect(told(Buffer.from(text, "utf16le"))).toEqual(["Service ä @1"]);
    expect(told(Buffer.from(text, "utf16le").swap16())).toEqual(["Service ä @1"]);
  });

  it("loses no document to a broken one, and tells its line and kind", () => {
    expect(
      told(`apiVersion: v1
kind: Service
metadata: {name: a}
---
apiVersion: v1
kind: Deployment
metadata:
  name: b
 labels: {}
---
apiVersion: v1
kind: Service
metadata: {name: c}
`),
    ).toEqual(["Service a @1", "lost Deployment @9", "Service c @11"]);
  });

  it("ends a document at a marker in the first column, even inside a block of text, as YAML has it", () => {
    expect(
      told("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    a\n    ---\n    b\n"),
    ).toEqual(["ConfigMap a @1"]);
  });

  it.each([
    ["at the key's column", `apiVersion: v1\nitems:\n${item("a")}${item("b")}kind: List\nmetadata: {}\n`],
    [
      "further in",
      `apiVersion: v1\nkind: List\nitems:\n${`${item("a")}${item("b")}`.replace(/^/gm, "  ").trimEnd()}\n`,
    ],
    [
      "with comments between",
      `apiVersion: v1\nitems: # two\n\n# first\n${item("a")}# second\n${item("b")}kind: List\n`,
    ],
  ])("reads the items of a list one by one, dashes %s", (_, text) => {
    expect(told(text).map((line) => line.replace(/ @.*/, ""))).toEqual(["Service a", "Service b"]);
  });

  it("loses no item of a list to a broken one", () => {
    const broken = "- apiVersion: v1\n  kind: Pod\n  metadata: {name: [}\n";
    expect(told(`apiVersion: v1\nitems:\n${item("a")}${broken}${item("b")}kind: List\n`)).toEqual([
      "Service a @3",
      "lost Pod @9",
      "Service b @10",
    ]);
  });

  it("gives items of a typed list their kind, and tells that the kind was read where the list is empty", () => {
    expect(
      told("apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n"),
    ).toEqual(["list of Pod", "Pod a @4", "Pod b @5"]);
    expect(told("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems: []\n")).toEqual([
      "list of NetworkPolicy",
    ]);
    expect(told("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n")).toEqual([
      "list of NetworkPolicy",
    ]);
  });

  it("takes a list in flow style, and a list within a list", () => {
    expect(
      told("{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: a}}]}"),
    ).toEqual(["Service a @1"]);
    expect(
      told(
        `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: PodList\n  items: [{metadata: {name: a}}]\n`,
      ),
    ).toEqual(["list of Pod", "Pod a @4"]);
  });

  it("says where a list that kubectl wrote is cut short, and leaves out its last item", () => {
    const whole = `apiVersion: v1\nitems:\n${item("a")}${item("b")}${item("c")}kind: List\nmetadata:\n  resourceVersion: ""\n`;
    expect(told(whole)).toEqual(["Service a @3", "Service b @7", "Service c @11"]);
    const at = whole.indexOf("name: c");
    for (const end of [at, at + 4, at + 6, at + 7]) {
      expect(told(whole.slice(0, end))).toEqual(["Service a @3", "Service b @7", "cut ? @11"]);
    }
  });

  it("reads a bare array, as support bundles hold custom resources", () => {
    expect(
      told(
        "- apiVersion: example.com/v1\n  kind: Thing\n  metadata: {name: a}\n- apiVersion: example.com/v1\n  kind: Thing\n  metadata: {name: b}\n",
      ),
    ).toEqual(["Thing a @1", "Thing b @4"]);
  });

  it("reads items that share an anchor", () => {
    expect(
      told(`apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: a, labels: &common {app: a}}
- apiVersion: v1
  kind: Service
  metadata: {name: b, labels: *common}
`),
    ).toEqual(["Service a @4", "Service b @7"]);
  });

  it("keeps timestamps and yes as they are written", () => {
    const [thing] = found(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a, creationTimestamp: 2026-11-21T07:58:10Z, labels: {on: yes, off: no}}\n",
    );
    expect(thing).toMatchObject({
      value: { metadata: { creationTimestamp: "2026-11-21T07:58:10Z", labels: { on: "yes", off: "no" } } },
    });
  });

  it("refuses aliases that expand beyond measure, and those that never end", () => {
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x, x]",
      ..."bcdefgh".split("").map((key, i) => {
        const before = "abcdefgh"[i];
        return `${key}: &${key} [${Array.from({ length: 10 }, () => `*${before}`).join(", ")}]`;
      }),
    ].join("\n");
    expect(told(`apiVersion: v1\nkind: Service\n${bomb}\n`)).toEqual(["lost Service @1"]);
    expect(told("apiVersion: v1\nkind: Service\nmetadata: &m {name: a, self: *m}\n")).toEqual([
      "lost Service @1",
    ]);
    expect(
      told(
        `apiVersion: v1\nkind: Service\na: &a 1\nb: [${Array.from({ length: 2_000 }, () => "*a").join(", ")}]\n`,
      ),
    ).toMatchObject([expect.stringMatching(/^lost Service/)]);
  });

  it("leaves out what is larger than any object, and says so", () => {
    const large = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: ${"x".repeat(500)}}\n`;
    expect(
      told(`${large}---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n`, { maxDocumentBytes: 200 }),
    ).toEqual(["too large @1", "Service b @6"]);
  });

  it("parses nothing larger than any object around a list's items either", () => {
    const around = `annotations: {x: ${"x".repeat(500)}}`;
    const list = `apiVersion: v1\nkind: ServiceList\nmetadata: {${around}}\nitems:\n- metadata: {name: a}\n`;
    expect(told(list, { maxDocumentBytes: 200 })).toEqual(["list of Service", "Service a @5"]);
  });

  it("takes what is no Kubernetes object for what it is", () => {
    expect(told("replicaCount: 1\nimage: {tag: v1}\n---\njust text\n---\n- hosts: all\n")).toEqual([
      "other",
      "other",
      "other",
    ]);
  });

  it("leaves out the last document of a file that is known to end early", () => {
    expect(
      told(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b",
        { cut: true },
      ),
    ).toEqual(["Service a @1", "cut ? @5"]);
  });
});

describe("readText of JSON", () => {
  const pod = (name: string) => ({
    metadata: { name, annotations: { tricky: 'a "quoted\\" } ] { [ string' } },
    spec: {},
  });
  const podList = { kind: "PodList", apiVersion: "v1", metadata: {}, items: [pod("a"), pod("b")] };

  it.each([
    ["pretty", JSON.stringify(podList, null, 4)],
    ["minified", JSON.stringify(podList)],
    ["kind last", JSON.stringify({ apiVersion: "v1", items: podList.items, kind: "PodList" })],
  ])("reads the items of a typed list, %s", (_, text) => {
    expect(told(text).map((line) => line.replace(/ @.*/, ""))).toEqual(["list of Pod", "Pod a", "Pod b"]);
  });

  it("tells the line of each item", () => {
    expect(
      told(
        '{"kind": "PodList", "apiVersion": "v1", "items": [\n{"metadata": {"name": "a"}},\n\n{"metadata": {"name": "b"}}\n]}',
      ),
    ).toEqual(["list of Pod", "Pod a @2", "Pod b @4"]);
  });

  it("reads one object, an array, and values that follow each other", () => {
    const service = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}';
    expect(told(service)).toEqual(["Service a @1"]);
    expect(told(`[${service},\n${service}]`)).toEqual(["Service a @1", "Service a @2"]);
    expect(told(`${service}\n${service}\n`)).toEqual(["Service a @1", "Service a @2"]);
    expect(told(`${service}\n---\n${service}\n`)).toEqual(["Service a @1", "Service a @3"]);
  });

  it("tells an empty list from none", () => {
    expect(told('{"kind": "PodList", "apiVersion": "v1", "items": []}')).toEqual(["list of Pod"]);
    expect(told('{"kind": "PodList", "apiVersion": "v1", "items": null}')).toEqual(["list of Pod"]);
  });

  it("loses no item to a broken one", () => {
    expect(
      told(
        '{"kind": "PodList", "apiVersion": "v1", "items": [\n{"metadata": {"name": "a"}},\n{"metadata": oops: "b"}},\n{"metadata": {"name": "c"}}]}',
      ),
    ).toEqual(expect.arrayContaining(["Pod a @2"]));
    expect(
      told(
        '{"kind": "PodList", "apiVersion": "v1", "items": [\n{"metadata": {"name": "a"}},\n{"metadata": {"name" "b"}},\n{"metadata": {"name": "c"}}]}',
      ),
    ).toEqual(
      ["list of Pod", "Pod a @2", "lost Pod @3", "Pod c @4"].map((line) =>
        line === "lost Pod @3" ? "lost ? @3" : line,
      ),
    );
  });

  it("keeps whole items of a list that is cut anywhere, and says so", () => {
    const text = JSON.stringify(podList, null, 4);
    const second = text.indexOf('"b"');
    for (const end of [second, second + 2, text.length - 10, text.length - 2]) {
      const lines = told(text.slice(0, end)).map((line) => line.replace(/ @.*/, ""));
      expect(lines.slice(0, 2)).toEqual(["list of Pod", "Pod a"]);
      expect(lines.at(-1)).toBe("cut Pod");
    }
  });

  it("says that an object ends in the middle", () => {
    expect(told('{"apiVersion": "v1", "kind": "Service", "metadata": {"na')).toEqual(["lost Service @1"]);
  });

  it("reads an object that happens to have items", () => {
    expect(
      told('{"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "a"}, "items": [{"x": 1}]}'),
    ).toEqual(["Thing a @1"]);
  });

  it("reads the lists that kubectl cluster-info dump prints between logs", () => {
    const list = JSON.stringify(
      { kind: "ServiceList", apiVersion: "v1", items: [{ metadata: { name: "a" } }] },
      null,
      4,
    );
    const log =
      '==== START logs for container web of pod shop/a ====\n{"kind": "PodList", "apiVersion": "v1", "items": [\nplain {\n==== END logs for container web of pod shop/a ====\n';
    expect(told(`${list}\n${log}${list}\n`).map((line) => line.replace(/ @.*/, ""))).toEqual([
      "list of Service",
      "Service a",
      "list of Service",
      "Service a",
    ]);
  });

  it("never quotes the text in what it says, which may be a Secret's", () => {
    const [lost] = found('{"apiVersion": "v1", "kind": "Secret", "data": {"password": "hunter2" x}}');
    expect(JSON.stringify(lost)).not.toContain("hunter2");
    expect(lost?.kind).toBe("lost");
  });
});

describe("readText of something else", () => {
  it("tells an empty file and a binary one", () => {
    const options = { cut: false, maxDocumentBytes: 1_000 };
    expect(readText(Buffer.alloc(0), options)).toEqual({ kind: "empty" });
    expect(readText(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]), options)).toMatchObject({
      kind: "not-text",
    });
  });
});
