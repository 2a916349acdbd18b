"use client";

import { useQueryStates } from "nuqs";
import { useRef } from "react";
import { IncidentStrip } from "#components/demo/incident-strip.tsx";
import { MapCanvas, type MapHandle } from "#components/map/map-canvas.tsx";
import { ZoomTools } from "#components/map/zoom-tools.tsx";
import { PageFrame } from "#components/shell/page-frame.tsx";
import { isLive } from "#components/shell/status-words.ts";
import { togglePause, useLive } from "#components/shell/use-live.ts";
import { useNow } from "#components/shell/use-now.ts";
import { useShortcuts } from "#components/shell/use-shortcuts.ts";
import { Button } from "#components/ui/button.tsx";
import { ProblemError } from "#lib/client/fetch-json.ts";
import { findingsKey, graphKey } from "#lib/client/keys.ts";
import {
  type FindingsAnswer,
  findingsAnswerSchema,
  type GraphAnswer,
  graphAnswerSchema,
} from "#lib/protocol/answers.ts";
import type { Cluster } from "#lib/protocol/cluster.ts";
import { litBy } from "#lib/protocol/finding.ts";
import {
  type FindingsLink,
  findingsLinkTo,
  findingsParsers,
  listedAtFirst,
} from "#lib/protocol/findings-link.ts";
import { linkTo, loadLink } from "#lib/protocol/link.ts";
import { FindingsFilters } from "./findings-filters.tsx";
import { FindingsList } from "./findings-list.tsx";

interface Props {
  readonly clusters: readonly Cluster[];
  /** The server's answers for the first paint. */
  readonly first: FindingsAnswer;
  readonly firstMap: GraphAnswer;
}

/** Everything found, by cause first, and beside it the map with what the open finding is about lit. */
export function FindingsWorkspace({ clusters, first, firstMap }: Props) {
  const [link, setLink] = useQueryStates(findingsParsers);
  const map = useRef<MapHandle>(null);
  const now = useNow();
  const cluster = first.cluster.id;
  const live = isLive(first.cluster);
  const { data = first, error } = useLive(findingsKey(cluster, link), findingsAnswerSchema, { first, live });
  const open = data.findings.find(({ key }) => key === link.open);
  const about = open === undefined ? [] : litBy(open);
  const { data: drawn = firstMap } = useLive(
    graphKey(cluster, loadLink({ pin: about.join(",") })),
    graphAnswerSchema,
    { first: firstMap, live },
  );
  const lit = drawn.view.nodes
    .filter((node) => about.some((id) => id === node.object || id === node.id))
    .map(({ id }) => id);
  const go = (change: Partial<FindingsLink>, history: "push" | "replace" = "push") =>
    void setLink(change, { history });

  useShortcuts({
    search: () => document.querySelector<HTMLInputElement>('input[name="findings-search"]')?.focus(),
    close: () => go({ open: null }, "replace"),
    fit: () => map.current?.fit(),
    zoomIn: () => map.current?.zoomBy(1.25),
    zoomOut: () => map.current?.zoomBy(0.8),
    pause: togglePause,
    trace: () => window.location.assign("/trace"),
  });

  function show(id: string) {
    window.location.assign(linkTo("/", { cluster: link.cluster, show: id }));
  }

  return (
    <PageFrame
      page="Findings"
      clusters={clusters}
      status={data.cluster}
      now={now}
      inCluster={link.cluster}
      addressIn={(id) => findingsLinkTo({ cluster: id })}
    >
      {data.cluster.kind === "demo" ? <IncidentStrip answers={data.cluster.answers} /> : null}
      <div className="flex min-h-0 flex-1">
        <main
          aria-label="Findings"
          className="flex min-h-0 min-w-0 flex-1 flex-col border-line md:border-r xl:max-w-[46rem]"
        >
          <h1 className="sr-only">Findings</h1>
          <FindingsFilters
            link={link}
            answer={data}
            onChange={(change) => go({ ...change, limit: listedAtFirst, open: null })}
          />
          {error instanceof ProblemError ? (
            <p role="alert" className="border-b border-line bg-partial-soft px-4 py-2 text-[12.5px] text-ink">
              {error.problem.title}. {error.problem.detail} What is shown is from before.
            </p>
          ) : null}
          <div data-findings className="min-h-0 flex-1 overflow-y-auto bg-ground px-4 py-3">
            <FindingsList
              answer={data}
              by={link.by}
              open={link.open ?? undefined}
              onOpen={(key) => go({ open: key ?? null }, "replace")}
              onShow={show}
            />
            {data.total > data.problems.length + data.listed.length ? (
              <p className="flex items-center gap-3 pt-3 text-[12.5px] text-ink-2">
                <Button onClick={() => go({ limit: link.limit + 200 }, "replace")}>Show 200 more</Button>
                {data.problems.length + data.listed.length} of {data.total.toLocaleString("en")} are listed
              </p>
            ) : null}
          </div>
        </main>
        <section aria-label="Map of the cluster" className="relative min-w-0 flex-1 max-lg:hidden">
          <MapCanvas
            ref={map}
            view={drawn.view}
            selected={drawn.view.nodes.find(({ id, object }) => open?.subject === (object ?? id))?.id}
            lit={lit}
            unfolded={[]}
            start={undefined}
            onOpenNode={(node) => (node.object === undefined ? undefined : show(node.object))}
            onOpenEdge={(edge) => show(edge.because.object)}
            onToggleIsland={({ namespace }) => show(`namespace/${namespace}`)}
            onMove={() => {}}
            onMovedByHand={() => {}}
          />
          {open !== undefined && lit.length === 0 ? (
            <p className="absolute inset-x-4 top-10 z-20 rounded-lg border border-line bg-surface/95 px-3 py-2 text-[12.5px] text-ink-2 shadow-card">
              {open.subject} and what it touches are not drawn on the map.
            </p>
          ) : null}
          <div
            role="toolbar"
            aria-label="Map"
            className="absolute bottom-3 right-3 z-20 flex items-center rounded-xl border border-line bg-surface/95 p-0.5 shadow-card"
          >
            <ZoomTools map={map} />
          </div>
        </section>
      </div>
    </PageFrame>
  );
}
