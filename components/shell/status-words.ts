import { agoWords } from "#components/ui/ago.tsx";
import type { StreamState } from "#lib/client/live-stream.ts";
import type { ClusterStatus, KindSyncView, UnreadView } from "#lib/protocol/cluster.ts";

/** How the page's stream stands, where it is one that something is followed on; undefined: answers are asked for. */
export function streamWords({
  connection,
  paused,
  missed,
  refused,
}: StreamState): { readonly words: string; readonly title: string; readonly live: boolean } | undefined {
  if (paused)
    return {
      words: missed === 0 ? "Paused" : `Paused · ${missed} ${missed === 1 ? "change" : "changes"}`,
      title: "The view is held as it was; what changes is counted, and shown once it follows again",
      live: false,
    };
  switch (connection) {
    case "open":
      return { words: "Live", title: "Every change is shown as it happens", live: true };
    case "lost":
      if (refused !== undefined)
        return {
          words: refused.title,
          title: [
            refused.detail,
            refused.remedy,
            "This is what was known before; the page tries again by itself.",
          ]
            .filter((part) => part !== undefined)
            .join(" "),
          live: false,
        };
      return {
        words: "Connection lost",
        title: "The server does not answer; this is what it said last. The page tries again by itself",
        live: false,
      };
    default:
      return undefined;
  }
}

/**
 * How fresh the answers are, in words. `now` is in ms; undefined before the page is alive. Stale is never drawn as
 * live: only what was read from a cluster without a fault since counts as live.
 */
export function freshness(
  cluster: ClusterStatus,
  now: number | undefined,
): { readonly words: string; readonly title: string; readonly live: boolean } {
  const { state } = cluster;
  if (cluster.kind === "demo")
    return { words: "Demo", title: "The built-in demo: nothing here is real", live: false };
  if (cluster.origin === "manifests")
    return {
      words: "Manifests",
      title: "Read from manifests without status: pods are taken as running",
      live: false,
    };
  if (cluster.origin === "dump") {
    const at = cluster.takenAt?.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC");
    return {
      words: at === undefined ? "Dump" : `As of ${at}`,
      title: "The newest time found in the dump",
      live: false,
    };
  }
  if (state.kind === "stale") {
    return {
      words: `Stale${sinceWords(state.checkedAt, now)}`,
      title: `${state.why.title.replace(/\.$/, "")}: ${state.why.detail}`,
      live: false,
    };
  }
  if (state.kind === "live") {
    const ms = now === undefined ? undefined : now - Date.parse(state.checkedAt);
    const ago = ms === undefined ? undefined : agoWords(ms);
    const when = ago === undefined ? "" : ago === "now" ? " just now" : ` ${ago} ago`;
    return { words: `Checked${when}`, title: `Checked at ${state.checkedAt}`, live: true };
  }
  return { words: "Syncing", title: "The cluster is being read", live: false };
}

/** Where one kind stands: "syncing 34,000 of ~150,000", "stale since 12:03", "forbidden". `now`: see `freshness`. */
export function kindWords(kind: Omit<KindSyncView, "kind" | "why">, now: number | undefined): string {
  switch (kind.state) {
    case "syncing":
      return `syncing${countWords(kind)}`;
    case "live":
      return kind.by === "list" ? "listed now and then: it may not be watched" : "live";
    case "stale": {
      const again = kind.read === undefined ? "" : `, reading again${countWords(kind)}`;
      return `stale${sinceWords(kind.since, now)}${again}`;
    }
    case "forbidden":
      return "forbidden";
    case "failed":
      return "could not be read";
  }
}

function countWords({ read, of }: Pick<KindSyncView, "read" | "of">): string {
  if (read === undefined || (read === 0 && of === undefined)) return "";
  const count = read.toLocaleString("en");
  return of === undefined ? ` ${count} so far` : ` ${count} of ~${Math.max(of, read).toLocaleString("en")}`;
}

/** The clock's time where the reader is, with the day where it is another; the server does not know either. */
function sinceWords(since: string | undefined, now: number | undefined): string {
  if (since === undefined || now === undefined) return "";
  const at = new Date(since);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const isToday = at.toDateString() === new Date(now).toDateString();
  return isToday
    ? ` since ${time}`
    : ` since ${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

interface UnreadGroup {
  readonly title: string;
  readonly why: string;
  readonly kinds: readonly UnreadView[];
  readonly remedy?: string | undefined;
  /** What to do with the remedy. */
  readonly ask: string;
  /** Nobody asked for them: no loss to be counted. */
  readonly byChoice: boolean;
}

/** Unread kinds by reason, what needs somebody's hand first. Kinds that are not served are no loss, so they are left out. */
export function unreadGroups(unread: readonly UnreadView[]): readonly UnreadGroup[] {
  const of = (reason: UnreadView["reason"]) => unread.filter((u) => u.reason === reason);
  const forbidden = of("forbidden");
  const failed = of("failed");
  const uncollected = of("not-collected");
  const switchedOff = of("switched-off");
  const groups: UnreadGroup[] = [];
  const rest = { ask: "Ask for this RBAC rule:", byChoice: false };
  if (forbidden.length > 0) {
    groups.push({
      title: "Forbidden",
      why: "The cluster's RBAC does not let this user list them. What depends on them is unknown.",
      kinds: forbidden,
      remedy: joinRules(forbidden.flatMap((u) => (u.remedy === undefined ? [] : [u.remedy]))),
      ...rest,
    });
  }
  if (failed.length > 0) {
    groups.push({ title: "Failed", why: failed[0]?.message ?? "The read broke.", kinds: failed, ...rest });
  }
  if (uncollected.length > 0) {
    groups.push({
      title: "Not in the files",
      why: "There may be some in the cluster, but the files do not hold them. What depends on them is unknown.",
      kinds: uncollected,
      ...rest,
    });
  }
  if (switchedOff.length > 0) {
    groups.push({
      title: "Not asked for",
      why: switchedOff[0]?.message ?? "A setting that is off would have them read.",
      kinds: switchedOff,
      remedy: joinRules(switchedOff.flatMap((u) => (u.remedy === undefined ? [] : [u.remedy]))),
      ask: "With that set, they need this RBAC rule:",
      byChoice: true,
    });
  }
  return groups;
}

/** The rules as an administrator can paste them: one a group of kinds, in the order in which they come. */
function joinRules(rules: readonly string[]): string | undefined {
  const byGroup = new Map<string, string[]>();
  const others: string[] = [];
  for (const rule of new Set(rules.map((text) => text.trimEnd()))) {
    const parts = /apiGroups: \[(.*)\]\n\s*resources: \[(.*)\]\n\s*verbs: \[(.*)\]$/.exec(rule);
    const [, group, resources, verbs] = parts ?? [];
    if (group === undefined || resources === undefined || verbs === undefined) others.push(rule);
    else {
      const key = `${group}\n${verbs}`;
      byGroup.set(key, [...(byGroup.get(key) ?? []), resources]);
    }
  }
  const grouped = [...byGroup].map(([key, resources]) => {
    const [group, verbs] = key.split("\n");
    return `- apiGroups: [${group}]\n  resources: [${resources.join(", ")}]\n  verbs: [${verbs}]`;
  });
  const text = [...grouped, ...others].join("\n");
  return text === "" ? undefined : text;
}

/** Whether its answers can change by themselves: files are as they are. */
export function isLive({ kind }: Pick<ClusterStatus, "kind">): boolean {
  return kind !== "files";
}
