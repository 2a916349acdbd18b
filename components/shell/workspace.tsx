"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IncidentStrip } from "#components/demo/incident-strip.tsx";
import { canUnfoldIsland } from "#components/map/island-box.tsx";
import { MapCanvas, type MapHandle } from "#components/map/map-canvas.tsx";
import { MapTable } from "#components/map/map-table.tsx";
import { MapTools } from "#components/map/map-tools.tsx";
import type { MinimapHandle } from "#components/map/minimap.tsx";
import { NodeMenu } from "#components/map/node-menu.tsx";
import { Button } from "#components/ui/button.tsx";
import { ProblemError } from "#lib/client/fetch-json.ts";
import { graphKey } from "#lib/client/keys.ts";
import { targetText } from "#lib/model/end-text.ts";
import type { Family, Island, PlacedEdge, PlacedNode } from "#lib/model/graph.ts";
import { type GraphAnswer, graphAnswerSchema, type PanelAnswer } from "#lib/protocol/answers.ts";
import type { Cluster } from "#lib/protocol/cluster.ts";
import { traceLinkTo } from "#lib/protocol/trace-link.ts";
import { ClusterMenu } from "./cluster-menu.tsx";
import { type DropHandle, DropZone } from "./drop-zone.tsx";
import { FilterMenu } from "./filter-menu.tsx";
import { InputProblems } from "./input-problems.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { NamespaceMenu } from "./namespace-menu.tsx";
import { Notices } from "./notices.tsx";
import { ObjectSide } from "./object-side.tsx";
import { SearchPalette } from "./search-palette.tsx";
import { StatusLine } from "./status-line.tsx";
import { isLive } from "./status-words.ts";
import { BottomBar, TopBar } from "./top-bar.tsx";
import { useLink } from "./use-link.ts";
import { togglePause, useLive } from "./use-live.ts";
import { useNow } from "./use-now.ts";
import { useShortcuts } from "./use-shortcuts.ts";

interface Props {
  readonly clusters: readonly Cluster[];
  /** The server's answer for the first paint. */
  readonly first: GraphAnswer;
  readonly firstPanel: PanelAnswer | undefined;
  /** What the link said that could not be understood. */
  readonly linkProblems: readonly string[];
}

/** The page: the map or its table, the panel beside it, and the bar above. All view state is in the URL. */
export function Workspace({ clusters, first, firstPanel, linkProblems }: Props) {
  const { link, go, adjust } = useLink();
  const cluster = first.cluster.id;
  const map = useRef<MapHandle>(null);
  const minimap = useRef<MinimapHandle>(null);
  const drop = useRef<DropHandle>(null);
  const [searching, setSearching] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [notice, setNotice] = useState<string>();
  const now = useNow();
  const { data = first, error } = useLive(graphKey(cluster, link), graphAnswerSchema, {
    first,
    live: isLive(first.cluster),
  });
  const { view } = data;
  const selected = link.show === null ? undefined : nodeShowing(view.nodes, link.show);
  const reveal = useRef<string>(undefined);

  useShortcuts({
    search: () => setSearching(true),
    keys: () => setKeysOpen(true),
    close: () => (link.show !== null || link.list !== null ? close() : undefined),
    fit: () => map.current?.fit(),
    zoomIn: () => map.current?.zoomBy(1.25),
    zoomOut: () => map.current?.zoomBy(0.8),
    pause: togglePause,
    broken: () => go({ only: link.only === "broken" ? "all" : "broken" }),
    table: () => go({ as: link.as === "table" ? "map" : "table" }),
    trace: () => {
      const to = link.show === null ? undefined : targetText(link.show);
      window.location.assign(traceLinkTo({ cluster: link.cluster, to: to ?? "" }));
    },
  });

  // What was asked for may be folded away: the view that shows it arrives later, and is flown to then.
  useEffect(() => {
    if (reveal.current === undefined) return;
    const wanted = reveal.current;
    const island = view.islands.find(({ namespace }) => `namespace/${namespace}` === wanted);
    const id = nodeShowing(view.nodes, wanted) ?? (island === undefined ? undefined : wanted);
    if (id === undefined) return;
    reveal.current = undefined;
    map.current?.reveal(id);
  }, [view]);

  function show(id: string) {
    const on = nodeShowing(view.nodes, id);
    if (on === undefined) reveal.current = id;
    else map.current?.reveal(on);
    go({ show: id, list: null });
  }

  function close() {
    go({ show: null, list: null });
  }

  function clearFilters() {
    go({ ns: [], kind: [], label: [], only: "all", touch: null });
  }

  function openNamespace(namespace: string) {
    const id = `namespace/${namespace}`;
    reveal.current = id;
    go({ open: [...new Set([...link.open, id])], shut: link.shut.filter((other) => other !== id) });
  }

  function openFamily(id: string, family: Family) {
    const [only, ...more] = family.namespaces;
    if (only !== undefined && more.length === 0) openNamespace(only.name);
    else
      go({
        open: link.open.includes(id) ? link.open.filter((other) => other !== id) : [...link.open, id],
      });
  }

  function openNode(node: PlacedNode) {
    if (node.family !== undefined) openFamily(node.id, node.family);
    else if (node.kind === "folded") {
      const what = foldedBy(node);
      if (what.kind === "pods") go({ show: what.workload, list: null });
      else
        go({ open: [...new Set([...link.open, what.id])], shut: link.shut.filter((id) => id !== what.id) });
    } else if (node.object !== undefined) go({ show: node.object, list: null });
    else if (node.missing === true) go({ show: node.id, list: null });
    else go({ touch: link.touch === node.id ? null : node.id });
  }

  function openEdge(edge: PlacedEdge) {
    go({ show: edge.because.object, list: null });
  }

  function toggleIsland(island: Island) {
    const id = `namespace/${island.namespace}`;
    const unfold = canUnfoldIsland(island, link.open.includes(id));
    go(
      unfold
        ? { open: [...new Set([...link.open, id])], shut: link.shut.filter((x) => x !== id) }
        : { open: link.open.filter((x) => x !== id), shut: [...new Set([...link.shut, id])] },
    );
  }

  // The server's panel belongs to the server's answers: once there are newer ones, it would be stale drawn as live.
  const isFirst = data.cluster.answers === first.cluster.answers;
  const filtered =
    link.ns.length + link.kind.length + link.label.length > 0 ||
    link.only === "broken" ||
    link.touch !== null;
  const sideOpen = link.show !== null || link.list !== null;
  const extra = [
    ...linkProblems,
    ...data.noSuch.map((name) => `There is no namespace ${name} in this cluster; the link names it.`),
    ...(notice === undefined ? [] : [notice]),
  ];
  const empty = view.nodes.length === 0 && view.islands.length === 0;

  return (
    <DropZone ref={drop} onAdded={(id) => window.location.assign(`/?cluster=${encodeURIComponent(id)}`)}>
      <div className="flex h-dvh flex-col">
        <TopBar
          page="Map"
          cluster={link.cluster ?? undefined}
          status={
            <StatusLine
              cluster={data.cluster}
              now={now}
              inCluster={link.cluster}
              onOpenInput={() => go({ list: "input", show: null })}
            />
          }
        >
          <h1 className="sr-only">Throughline</h1>
          <ClusterMenu
            current={data.cluster}
            clusters={clusters}
            onChoose={(id) => window.location.assign(`/?cluster=${encodeURIComponent(id)}`)}
            onOpenFile={() => drop.current?.choose()}
          />
          <NamespaceMenu cluster={data.cluster} chosen={link.ns} onChange={(ns) => go({ ns })} />
          <FilterMenu link={link} selected={selected} onChange={go} />
          <button
            type="button"
            onClick={() => setSearching(true)}
            aria-label="Find anything"
            className="inline-flex h-8 min-w-0 items-center gap-2 rounded-lg border border-line bg-ground px-2.5 text-[13px] text-ink-3 hover:bg-hover md:max-w-64 md:flex-1"
          >
            <Search aria-hidden className="size-3.5 shrink-0" />
            <span className="flex-1 truncate text-left max-md:hidden">Find anything</span>
            <kbd className="rounded border border-line px-1 font-mono text-[11px] max-md:hidden">/</kbd>
          </button>
        </TopBar>

        {data.cluster.kind === "demo" ? <IncidentStrip answers={data.cluster.answers} /> : null}
        <Notices
          cluster={data.cluster}
          problem={error instanceof ProblemError ? error.problem : undefined}
          extra={extra}
          onOpenInput={() => go({ list: "input", show: null })}
        />

        <div className="relative flex min-h-0 flex-1">
          <main className="relative min-w-0 flex-1" aria-label="Map of the cluster">
            {link.as === "table" ? (
              <MapTable view={view} selected={selected} onOpenNode={openNode} />
            ) : (
              <NodeMenu
                nodes={view.nodes}
                cluster={link.cluster}
                onOpen={openNode}
                onTouch={(node) => go({ touch: node.id })}
              >
                <div className="absolute inset-0">
                  <MapCanvas
                    ref={map}
                    view={view}
                    selected={selected}
                    unfolded={link.open}
                    start={link.at ?? undefined}
                    onOpenNode={openNode}
                    onOpenEdge={openEdge}
                    onToggleIsland={toggleIsland}
                    onOpenNamespace={openNamespace}
                    onMove={(viewport, screen) => minimap.current?.follow(viewport, screen)}
                    onMovedByHand={(at) => adjust({ at })}
                  />
                </div>
              </NodeMenu>
            )}
            {empty ? (
              <EmptyMap filtered={filtered} policies={data.cluster.counts.policies} onClear={clearFilters} />
            ) : null}

            <MapTools
              cluster={cluster}
              link={link}
              view={view}
              filtered={filtered}
              minimap={minimap}
              map={map}
              onChange={go}
              onClearFilters={clearFilters}
              onOpenKeys={() => setKeysOpen(true)}
              onError={setNotice}
            />
          </main>

          {sideOpen ? (
            <aside
              aria-label="Details"
              className="z-30 border-line bg-surface max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:h-[78dvh] max-md:rounded-t-2xl max-md:border-t max-md:shadow-raised md:w-[27.5rem] md:border-l"
            >
              {link.show !== null ? (
                <ObjectSide
                  key={link.show}
                  cluster={data.cluster}
                  id={link.show}
                  link={link}
                  first={isFirst && firstPanel?.panel.id === link.show ? firstPanel : undefined}
                  onShow={show}
                  onChange={go}
                  onClose={close}
                />
              ) : (
                <InputProblems cluster={data.cluster} onClose={close} />
              )}
            </aside>
          ) : null}
        </div>
        <BottomBar page="Map" cluster={link.cluster ?? undefined} />
      </div>
      {searching ? (
        <SearchPalette
          cluster={cluster}
          open={searching}
          onOpenChange={setSearching}
          onChoose={(hit) => {
            reveal.current = hit.node;
            const on = nodeShowing(view.nodes, hit.node);
            if (on !== undefined) {
              reveal.current = undefined;
              map.current?.reveal(on);
            }
            go({ show: hit.id, list: null });
          }}
        />
      ) : null}
      {keysOpen ? <KeysDialog open={keysOpen} onOpenChange={setKeysOpen} /> : null}
    </DropZone>
  );
}

/** What a press on a fold does: unfold by an id of the link's, or, for the pods that do not fit, open their workload. */
function foldedBy(
  node: PlacedNode,
): { readonly kind: "unfold"; readonly id: string } | { readonly kind: "pods"; readonly workload: string } {
  const pods = /^folded\/(.+)\/pod$/.exec(node.id)?.[1];
  if (pods?.includes("/") === true) return { kind: "pods", workload: pods };
  if (node.namespace === undefined || node.id.startsWith("folded/-/")) return { kind: "unfold", id: node.id };
  return { kind: "unfold", id: `namespace/${node.namespace}` };
}

/** The drawn node that stands for this object. */
function nodeShowing(nodes: readonly PlacedNode[], id: string): string | undefined {
  return nodes.find((node) => node.object === id || node.id === id)?.id;
}

function EmptyMap({
  filtered,
  policies,
  onClear,
}: {
  readonly filtered: boolean;
  readonly policies: number;
  readonly onClear: () => void;
}) {
  const why = filtered
    ? "The cluster has objects, but none that all of the filters let through."
    : policies > 0
      ? `${policies} ${policies === 1 ? "policy was" : "policies were"} read, but no Service or workload to draw. Open them together with the workloads that they select.`
      : "No Service, Ingress, route or workload was read. Open a dump or choose another cluster.";
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center p-6">
      <div className="pointer-events-auto max-w-sm rounded-2xl border border-line bg-surface p-6 text-center shadow-card">
        <p className="text-[15px] font-semibold">
          {filtered ? "Nothing is left after these filters" : "Nothing to draw yet"}
        </p>
        <p className="mt-1.5 text-[13px] text-ink-2">{why}</p>
        {filtered ? (
          <div className="mt-4 flex justify-center">
            <Button look="primary" onClick={onClear}>
              Clear filters
            </Button>
          </div>
        ) : null}
      </div>
    </div>
  );
}
