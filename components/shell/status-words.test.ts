import { describe, expect, it } from "vitest";
import type { ClusterStatus, KindSyncView, UnreadView } from "#lib/protocol/cluster.ts";
import { freshness, kindWords, streamWords, unreadGroups } from "./status-words.ts";

const checkedAt = "2026-01-01T12:00:00Z";
const at = Date.parse(checkedAt);
/** Where the reader is: tests run in any zone. */
const clock = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const live: ClusterStatus = {
  id: "prod",
  name: "prod",
  kind: "kube",
  isDefault: true,
  state: { kind: "live", checkedAt },
  origin: "cluster",
  answers: 1,
  unread: [],
  problems: [],
  problemCount: 0,
  counts: {
    broken: 0,
    atRisk: 0,
    unknown: 0,
    pods: 0,
    workloads: 0,
    services: 0,
    policies: 0,
    namespaces: 0,
  },
};
const why = { code: "x", title: "No answer.", detail: "10.0.0.1:6443 refused", remedy: "Look." };
const stale: ClusterStatus = { ...live, state: { kind: "stale", checkedAt, why } };
const files: ClusterStatus = { ...live, kind: "files", origin: "dump" };

it("a stream that is refused says why, in the server's words, and that it is tried again", () => {
  const refused = {
    type: "/problems/too-many-requests",
    title: "Too many pages follow at once",
    status: 429,
    detail: "At most 2.",
    remedy: "Close one.",
  };
  const state = { connection: "lost", paused: false, missed: 0 } as const;
  expect(streamWords({ ...state, refused })).toEqual({
    words: "Too many pages follow at once",
    title: "At most 2. Close one. This is what was known before; the page tries again by itself.",
    live: false,
  });
  expect(streamWords({ ...state, refused: undefined })?.words).toBe("Connection lost");
});

describe("where a kind stands", () => {
  it.each<[string, Omit<KindSyncView, "kind">]>([
    ["syncing", { state: "syncing", read: 0 }],
    ["syncing 4,000 so far", { state: "syncing", read: 4_000 }],
    ["syncing 34,000 of ~150,000", { state: "syncing", read: 34_000, of: 150_000 }],
    ["syncing 151,000 of ~151,000", { state: "syncing", read: 151_000, of: 150_000 }],
    ["live", { state: "live", by: "watch" }],
    ["listed now and then: it may not be watched", { state: "live", by: "list" }],
    [`stale since ${clock}`, { state: "stale", since: checkedAt }],
    [
      `stale since ${clock}, reading again 300 of ~9,000`,
      { state: "stale", since: checkedAt, read: 300, of: 9_000 },
    ],
    ["forbidden", { state: "forbidden" }],
    ["could not be read", { state: "failed" }],
  ])("is said as: %s", (words, kind) => {
    expect(kindWords(kind, at + 60_000)).toBe(words);
  });
});

describe("how fresh the answers are", () => {
  it.each<[string, ClusterStatus, number | undefined, string, boolean]>([
    ["checked this moment", live, at, "Checked just now", true],
    ["checked a while ago", live, at + 5 * 60_000, "Checked 5 min ago", true],
    ["checked, before the page is alive", live, undefined, "Checked", true],
    ["checked by a clock ahead of this one", live, at - 60_000, "Checked just now", true],
    ["stale", stale, at + 3_600_000, `Stale since ${clock}`, false],
    ["stale for days", stale, at + 49 * 3_600_000, `Stale since 1 Jan, ${clock}`, false],
    ["stale, before the page is alive", stale, undefined, "Stale", false],
    ["being read", { ...live, state: { kind: "syncing", done: 1, of: 2, objects: 3 } }, at, "Syncing", false],
    ["the demo", { ...files, kind: "demo", takenAt: checkedAt }, at, "Demo", false],
    ["manifests", { ...files, origin: "manifests" }, at, "Manifests", false],
    ["a dump", { ...files, takenAt: "2026-01-01T12:34:56.789Z" }, at, "As of 2026-01-01 12:34 UTC", false],
    ["a dump without any time in it", files, at, "Dump", false],
  ])("is said of what is %s", (_what, cluster, now, words, isLive) => {
    const { title, ...rest } = freshness(cluster, now);
    expect(rest).toEqual({ words, live: isLive });
    expect(title).not.toBe("");
  });

  it("says why it is stale, with one mark between what and where", () => {
    expect(freshness(stale, at).title).toBe("No answer: 10.0.0.1:6443 refused");
  });
});

describe("kinds that were not read", () => {
  const unread = (kind: string, reason: UnreadView["reason"], remedy?: string): UnreadView => ({
    kind,
    reason,
    message: `${kind}: ${reason}`,
    remedy,
  });

  it("are grouped by reason, what needs somebody's hand first", () => {
    const groups = unreadGroups([
      unread("Secret", "switched-off", "rule C"),
      unread("Pod", "not-collected"),
      unread("Service", "failed"),
      unread("NetworkPolicy", "forbidden", "rule A\n"),
      unread("Ingress", "forbidden", "rule B"),
      unread("Node", "forbidden", "rule A"),
    ]);
    expect(groups.map(({ title, kinds }) => [title, kinds.map(({ kind }) => kind)])).toEqual([
      ["Forbidden", ["NetworkPolicy", "Ingress", "Node"]],
      ["Failed", ["Service"]],
      ["Not in the files", ["Pod"]],
      ["Not asked for", ["Secret"]],
    ]);
    expect(groups.map(({ remedy }) => remedy)).toEqual(["rule A\nrule B", undefined, undefined, "rule C"]);
    expect(groups.map(({ byChoice }) => byChoice)).toEqual([false, false, false, true]);
    expect(groups[1]?.why).toBe("Service: failed");
  });

  it("have no rule to ask for where none is known", () => {
    expect(unreadGroups([unread("Pod", "forbidden")])[0]?.remedy).toBeUndefined();
  });

  it("are no loss where they are not served", () => {
    expect(unreadGroups([unread("GRPCRoute", "not-served")])).toEqual([]);
  });
});
