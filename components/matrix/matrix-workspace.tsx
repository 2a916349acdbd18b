"use client";

import { Download, Search } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import useSWR from "swr";
import { NamespaceMenu } from "#components/shell/namespace-menu.tsx";
import { PageFrame } from "#components/shell/page-frame.tsx";
import { useNow } from "#components/shell/use-now.ts";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { fetchJson, ProblemError } from "#lib/client/fetch-json.ts";
import { matrixKey } from "#lib/client/keys.ts";
import type { Cluster, ClusterStatus } from "#lib/protocol/cluster.ts";
import { type MatrixLink, matrixPage, matrixParsers, matrixQueryOf } from "#lib/protocol/matrix-link.ts";
import { matrixAnswerSchema, namespaceMatrixAnswerSchema } from "#lib/protocol/trace.ts";
import { CellLegend } from "./matrix-cell.tsx";
import { NamespaceGrid } from "./namespace-grid.tsx";
import { WorkloadGrid } from "./workload-grid.tsx";

interface Props {
  readonly clusters: readonly Cluster[];
  readonly status: ClusterStatus;
}

/** So many workloads are drawn at once; more are summed up by namespace first. */
const mostAtOnce = 80;

/** Every workload against every other: what a trace between them says, one press away from it. */
export function MatrixWorkspace({ clusters, status }: Props) {
  const [link, setLink] = useQueryStates(matrixParsers);
  const now = useNow();
  const cluster = status.id;
  const by = link.by ?? (status.counts.workloads > mostAtOnce ? "namespace" : "workload");
  const address = matrixKey(cluster, matrixQueryOf(link, by));
  const refreshInterval = status.kind === "kube" ? 30_000 : 0;
  const workloads = useSWR(
    by === "workload" ? address : null,
    (key: string) => fetchJson(key, matrixAnswerSchema),
    { keepPreviousData: true, revalidateOnFocus: false, refreshInterval },
  );
  const namespaces = useSWR(
    by === "namespace" ? address : null,
    (key: string) => fetchJson(key, namespaceMatrixAnswerSchema),
    { keepPreviousData: true, revalidateOnFocus: false, refreshInterval },
  );
  const { error } = by === "workload" ? workloads : namespaces;
  const enforcement = (workloads.data ?? namespaces.data)?.enforcement;
  const go = (change: Partial<MatrixLink>) => void setLink(change, { history: "push" });

  return (
    <PageFrame
      page="Matrix"
      clusters={clusters}
      status={status}
      now={now}
      inCluster={link.cluster}
      addressIn={(id) => `/matrix?cluster=${encodeURIComponent(id)}`}
    >
      <main aria-label="Reachability matrix" className="flex min-h-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2.5">
          <h1 className="sr-only">Reachability matrix</h1>
          <div
            role="group"
            aria-label="Rows and columns"
            className="flex rounded-lg border border-line p-0.5"
          >
            {(["namespace", "workload"] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === by}
                onClick={() => go({ by: each, row: 0, column: 0 })}
                className={`h-7 rounded-md px-2.5 text-[12.5px] font-medium ${each === by ? "bg-hover text-ink" : "text-ink-2 hover:text-ink"}`}
              >
                {each === "namespace" ? "Namespaces" : "Workloads"}
              </button>
            ))}
          </div>
          {by === "workload" ? (
            <>
              <Labelled label="from">
                <NamespaceMenu
                  cluster={status}
                  chosen={link.fromNs}
                  onChange={(fromNs) => go({ fromNs: [...fromNs], row: 0 })}
                />
              </Labelled>
              <Labelled label="to">
                <NamespaceMenu
                  cluster={status}
                  chosen={link.toNs}
                  onChange={(toNs) => go({ toNs: [...toNs], column: 0 })}
                />
              </Labelled>
              <Filter match={link.match} onChange={(match) => go({ match, row: 0, column: 0 })} />
            </>
          ) : null}
          <a
            href={matrixKey(cluster, { ...matrixQueryOf(link, by), format: "csv" })}
            download="reachability.csv"
            className={`${buttonClass()} ml-auto`}
          >
            <Download aria-hidden className="size-3.5" />
            Export CSV
          </a>
        </div>
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line bg-surface px-4 py-2">
          {by === "workload" ? (
            <CellLegend />
          ) : (
            <p className="text-[11.5px] text-ink-2">
              How many pairs of workloads may reach each other; press one for its workloads
            </p>
          )}
          {enforcement === undefined ? null : (
            <p
              className={`text-[11.5px] ${enforcement.state === "none-found" || enforcement.state === "partly" ? "text-partial" : "text-ink-3"}`}
            >
              As configured. {enforcement.sentence}
            </p>
          )}
        </div>
        <div className="relative min-h-0 flex-1">
          {error instanceof ProblemError ? (
            <Centred>
              {error.problem.title}. {error.problem.detail}
            </Centred>
          ) : by === "workload" && workloads.data !== undefined ? (
            workloads.data.total.rows === 0 || workloads.data.total.columns === 0 ? (
              <Centred>
                {status.counts.workloads === 0
                  ? "There is no workload with pods in this cluster."
                  : "No workload is left after these filters."}
              </Centred>
            ) : (
              <WorkloadGrid answer={workloads.data} cluster={link.cluster} />
            )
          ) : by === "namespace" && namespaces.data !== undefined ? (
            <NamespaceGrid answer={namespaces.data} cluster={link.cluster} />
          ) : (
            <Centred>
              <span role="status">Asking for every pair…</span>
            </Centred>
          )}
        </div>
        {by === "workload" && workloads.data !== undefined ? (
          <Pages answer={workloads.data} onGo={(row, column) => go({ row, column })} />
        ) : null}
      </main>
    </PageFrame>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-[12.5px] text-ink-3 max-md:hidden">
      {label}
      {children}
    </span>
  );
}

function Filter({ match, onChange }: { readonly match: string; readonly onChange: (match: string) => void }) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    if (typed !== undefined && typed.trim() !== match) onChange(typed.trim());
    setTyped(undefined);
  };
  return (
    <span className="inline-flex h-8 items-center gap-2 rounded-lg border border-line bg-ground px-2.5 text-[13px] text-ink-3">
      <Search aria-hidden className="size-3.5" />
      <input
        aria-label="Only workloads whose name holds"
        placeholder="Filter by name"
        value={typed ?? match}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={commit}
        onKeyDown={({ key }) => {
          if (key === "Enter") commit();
        }}
        className="w-36 bg-transparent text-ink outline-none placeholder:text-ink-3"
      />
    </span>
  );
}

function Centred({ children }: { readonly children: React.ReactNode }) {
  return (
    <p
      data-matrix
      className="absolute inset-0 flex items-center justify-center p-6 text-center text-[13px] text-ink-2"
    >
      <span>{children}</span>
    </p>
  );
}

/** Where there are more than one page holds. */
function Pages({
  answer,
  onGo,
}: {
  readonly answer: {
    readonly total: { rows: number; columns: number };
    readonly offset: { row: number; column: number };
  };
  readonly onGo: (row: number, column: number) => void;
}) {
  const { total, offset } = answer;
  if (total.rows <= matrixPage && total.columns <= matrixPage) return null;
  const part = (from: number, of: number) =>
    `${from + 1}–${Math.min(from + matrixPage, of)} of ${of.toLocaleString("en")}`;
  return (
    <nav
      aria-label="Parts of the matrix"
      className="flex flex-wrap items-center gap-x-5 gap-y-1 border-t border-line bg-surface px-4 py-1.5 text-[12px] text-ink-2"
    >
      {(
        [
          ["rows", offset.row, total.rows, (row: number) => onGo(row, offset.column)],
          ["columns", offset.column, total.columns, (column: number) => onGo(offset.row, column)],
        ] as const
      ).map(([name, from, of, to]) => (
        <span key={name} className="inline-flex items-center gap-1.5">
          {name} {part(from, of)}
          <Button
            size="small"
            look="ghost"
            disabled={from === 0}
            onClick={() => to(Math.max(0, from - matrixPage))}
          >
            Before
          </Button>
          <Button
            size="small"
            look="ghost"
            disabled={from + matrixPage >= of}
            onClick={() => to(from + matrixPage)}
          >
            Next
          </Button>
        </span>
      ))}
    </nav>
  );
}
