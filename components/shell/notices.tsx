import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ClusterStatus } from "#lib/protocol/cluster.ts";
import type { Problem } from "#lib/protocol/problem.ts";

interface Props {
  readonly cluster: ClusterStatus;
  /** Why the last refresh failed, if it did. */
  readonly problem: Problem | undefined;
  readonly extra: readonly string[];
  readonly onOpenInput: () => void;
}

/** Lines under the bar for what a reader must know before trusting the map: stale, forbidden kinds, input left out. */
export function Notices({ cluster, problem, extra, onOpenInput }: Props) {
  const forbidden = cluster.unread.filter((u) => u.reason === "forbidden");
  return (
    <>
      {cluster.state.kind === "stale" ? (
        <Line tone="broken">
          <b>{sentence(cluster.state.why.title)}</b> What you see was read at {cluster.state.checkedAt}.{" "}
          {cluster.state.why.remedy}
        </Line>
      ) : null}
      {problem === undefined ? null : (
        <Line tone="broken">
          <b>{sentence(problem.title)}</b> {problem.detail} {problem.remedy}
        </Line>
      )}
      {forbidden.length > 0 ? (
        <Line tone="partial">
          <b>
            {forbidden.length} {forbidden.length === 1 ? "kind is" : "kinds are"} forbidden to this user
          </b>
          : {forbidden.map((u) => u.kind).join(", ")}. What depends on them is unknown; “kinds not read” above
          has the RBAC rule to ask for.
        </Line>
      ) : null}
      {cluster.problemCount > 0 && cluster.kind !== "kube" ? (
        <Line tone="partial">
          <button type="button" onClick={onOpenInput} className="font-semibold underline underline-offset-2">
            {cluster.problemCount === 1 ? "One piece" : `${cluster.problemCount} pieces`} of the input could
            not be taken
          </button>
          . Everything else is shown.
        </Line>
      ) : null}
      {extra.map((text) => (
        <Line key={text} tone="partial">
          {text}
        </Line>
      ))}
    </>
  );
}

/** With one full stop, whether or not it came with one. */
function sentence(text: string): string {
  return `${text.replace(/\.$/, "")}.`;
}

function Line({ tone, children }: { readonly tone: "broken" | "partial"; readonly children: ReactNode }) {
  const Icon = tone === "broken" ? CircleAlert : TriangleAlert;
  return (
    <p
      role="status"
      className={`flex items-start gap-2 border-b border-line px-4 py-2 text-[12px] ${tone === "broken" ? "bg-broken-soft text-broken" : "bg-partial-soft text-partial"}`}
    >
      <Icon aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
