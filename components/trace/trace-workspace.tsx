"use client";

import { useQueryStates } from "nuqs";
import { useEffect, useRef, useState } from "react";
import { IncidentStrip } from "#components/demo/incident-strip.tsx";
import { PathLegend } from "#components/map/legend.tsx";
import { MapCanvas, type MapHandle } from "#components/map/map-canvas.tsx";
import { ZoomTools } from "#components/map/zoom-tools.tsx";
import { KeysDialog } from "#components/shell/keys-dialog.tsx";
import { PageFrame } from "#components/shell/page-frame.tsx";
import { freshness, isLive } from "#components/shell/status-words.ts";
import { togglePause, useLive } from "#components/shell/use-live.ts";
import { useNow } from "#components/shell/use-now.ts";
import { useShortcuts } from "#components/shell/use-shortcuts.ts";
import { ProblemError } from "#lib/client/fetch-json.ts";
import { traceKey } from "#lib/client/keys.ts";
import { sourceText, targetText } from "#lib/model/end-text.ts";
import type { PlacedNode } from "#lib/model/graph.ts";
import type { GraphAnswer } from "#lib/protocol/answers.ts";
import type { Cluster } from "#lib/protocol/cluster.ts";
import { linkTo } from "#lib/protocol/link.ts";
import type { Problem } from "#lib/protocol/problem.ts";
import { type TraceAnswer, traceAnswerSchema } from "#lib/protocol/trace.ts";
import { isAsked, type TraceLink, traceParsers } from "#lib/protocol/trace-link.ts";
import { traceTitle } from "#lib/protocol/trace-words.ts";
import { AnswerSide } from "./answer-side.tsx";
import { EmptyQuestion, useRemembered } from "./empty-question.tsx";
import { QuestionForm } from "./question-form.tsx";
import { QuestionProblem } from "./question-problem.tsx";

interface Props {
  readonly clusters: readonly Cluster[];
  /** The whole map, for as long as nothing is asked. */
  readonly base: GraphAnswer;
  /** The server's answer for the first paint, where the link asks something. */
  readonly first: TraceAnswer | undefined;
  readonly firstProblem: Problem | undefined;
}

/** The page of one question: the map with its path lit, and beside it the question, the verdict and the hops. */
export function TraceWorkspace({ clusters, base, first, firstProblem }: Props) {
  const [link, setLink] = useQueryStates(traceParsers);
  const cluster = base.cluster.id;
  const map = useRef<MapHandle>(null);
  const [keysOpen, setKeysOpen] = useState(false);
  const now = useNow();
  const asked = isAsked(link);
  // The server's answer belongs to the question that the page was opened with.
  const [firstKey] = useState(() => traceKey(cluster, link));
  const key = asked ? traceKey(cluster, link) : null;
  const { data, error, isLoading } = useLive(key, traceAnswerSchema, {
    first: key === firstKey ? first : undefined,
    live: isLive(base.cluster),
  });
  const problem =
    error instanceof ProblemError
      ? error.problem
      : key === firstKey && data === undefined
        ? firstProblem
        : undefined;
  const answer = asked && problem === undefined ? data : undefined;
  const view = answer?.map?.view ?? base.view;
  const trace = answer?.trace;
  const open = openHop(link, answer);
  const status = answer?.cluster ?? base.cluster;

  function ask(change: Partial<Pick<TraceLink, "from" | "to" | "port" | "protocol">>) {
    void setLink({ ...change, hop: null }, { history: "push" });
  }

  function openHopAt(hop: number | undefined) {
    void setLink({ hop: hop === undefined ? 0 : hop + 1 }, { history: "replace" });
  }

  function showOnMap(id: string) {
    window.location.assign(linkTo("/", { cluster: link.cluster, show: id }));
  }

  /** A press on a card fills the end that is still open; else it opens the object. */
  function openNode(node: PlacedNode) {
    const id = node.object ?? node.id;
    const source = sourceText(id) ?? (id === "internet" ? "internet" : undefined);
    const target = targetText(id);
    if (link.from === "" && source !== undefined) return ask({ from: source });
    if (link.to === "" && target !== undefined) return ask({ to: target });
    return node.object === undefined ? undefined : showOnMap(node.object);
  }

  const { from, to, port, protocol } = link;
  useRemembered(cluster, trace === undefined ? undefined : { from, to, port, protocol });
  useShortcuts({
    search: () =>
      document.querySelector<HTMLInputElement>(`input[name="${link.from === "" ? "from" : "to"}"]`)?.focus(),
    keys: () => setKeysOpen(true),
    close: () => openHopAt(undefined),
    swap: () => ask({ from: link.to, to: link.from }),
    fit: () => map.current?.fit(),
    zoomIn: () => map.current?.zoomBy(1.25),
    zoomOut: () => map.current?.zoomBy(0.8),
    pause: togglePause,
  });

  useEffect(() => {
    document.title = trace === undefined ? "Trace · Throughline" : `${traceTitle(trace)} · Throughline`;
  }, [trace]);

  return (
    <PageFrame
      page="Trace"
      clusters={clusters}
      status={status}
      now={now}
      inCluster={link.cluster}
      addressIn={(id) => `/trace?cluster=${encodeURIComponent(id)}`}
    >
      {status.kind === "demo" ? <IncidentStrip answers={status.answers} /> : null}
      <div className="relative flex min-h-0 flex-1 max-md:flex-col">
        <main
          aria-label="Map of the cluster"
          className="relative min-w-0 flex-1 max-md:h-[30dvh] max-md:flex-none max-md:border-b max-md:border-line"
        >
          <h1 className="sr-only">Trace</h1>
          <MapCanvas
            ref={map}
            view={view}
            selected={undefined}
            path={answer?.map?.path}
            openHop={open}
            onOpenHop={openHopAt}
            unfolded={[]}
            start={undefined}
            onOpenNode={openNode}
            onOpenEdge={(edge) => showOnMap(edge.because.object)}
            onToggleIsland={({ namespace }) =>
              window.location.assign(linkTo("/", { cluster: link.cluster, open: [`namespace/${namespace}`] }))
            }
            onMove={() => {}}
            onMovedByHand={() => {}}
          />
          <div className="pointer-events-none absolute inset-x-3 bottom-3 z-20 flex items-end justify-between gap-3 max-md:hidden">
            <div className="pointer-events-auto rounded-xl border border-line bg-surface/95 px-3 py-2 shadow-card">
              <PathLegend />
            </div>
            <div
              role="toolbar"
              aria-label="Map"
              className="pointer-events-auto flex items-center rounded-xl border border-line bg-surface/95 p-0.5 shadow-card"
            >
              <ZoomTools map={map} />
            </div>
          </div>
        </main>
        <section
          aria-label="The question and its answer"
          className="z-20 flex min-h-0 flex-col border-line bg-surface max-md:flex-1 md:w-[32rem] md:shrink-0 md:border-l"
        >
          <div className="space-y-3 px-5 pb-4 pt-4">
            <QuestionForm
              cluster={cluster}
              question={link}
              invalid={problem?.field}
              chosenPort={trace?.port}
              onAsk={ask}
            />
            {problem === undefined ? null : <QuestionProblem problem={problem} onAsk={ask} />}
          </div>
          {trace !== undefined ? (
            <AnswerSide
              cluster={cluster}
              link={link}
              trace={trace}
              checked={freshness(status, now).words}
              open={open}
              onOpen={openHopAt}
              onAsk={ask}
              onShow={showOnMap}
              busy={isLoading}
            />
          ) : problem === undefined ? (
            <EmptyQuestion cluster={cluster} link={link} busy={asked} onAsk={ask} />
          ) : null}
        </section>
      </div>
      {keysOpen ? <KeysDialog open={keysOpen} onOpenChange={setKeysOpen} /> : null}
    </PageFrame>
  );
}

/** The hop of the link, else the first that fails; none where the link says 0 or all pass. */
function openHop({ hop }: TraceLink, answer: TraceAnswer | undefined): number | undefined {
  const hops = answer?.trace.hops ?? [];
  if (hop !== null) return hop >= 1 && hop <= hops.length ? hop - 1 : undefined;
  const stops = hops.findIndex(({ outcome }) => outcome === "block" || outcome === "partial");
  const first = stops !== -1 ? stops : hops.findIndex(({ outcome }) => outcome === "unknown");
  return first === -1 ? undefined : first;
}
