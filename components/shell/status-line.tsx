"use client";

import { Popover } from "@base-ui/react/popover";
import { CircleHelp, EyeOff, Pause, Play, TriangleAlert, X } from "lucide-react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { popoverPopup } from "#components/ui/menu-style.ts";
import type { ClusterStatus, KindSyncView } from "#lib/protocol/cluster.ts";
import { findingsLinkTo } from "#lib/protocol/findings-link.ts";
import { KindList } from "./kind-list.tsx";
import { freshness, isLive, streamWords, unreadGroups } from "./status-words.ts";
import { liveStream, useStreamState } from "./use-live.ts";

interface Props {
  readonly cluster: ClusterStatus;
  /** The browser's clock, undefined until the page is alive (the server's page says nothing about "ago"). */
  readonly now: number | undefined;
  /** The cluster as the link names it; null: the default one. */
  readonly inCluster: string | null;
  readonly onOpenInput: () => void;
}

/** How fresh it is; where single kinds are not simply live, a press says which and how. */
function Freshness({
  fresh,
  kinds,
  now,
}: {
  readonly fresh: ReturnType<typeof freshness>;
  readonly kinds: readonly KindSyncView[];
  readonly now: number | undefined;
}) {
  const words = (
    <>
      <span
        aria-hidden
        className={`size-2 rounded-full ${fresh.live ? "bg-ok-line" : "border border-line-strong"}`}
      />
      <span className="max-lg:sr-only" role="status">
        {fresh.words}
      </span>
    </>
  );
  if (kinds.length === 0)
    return (
      <span
        className="inline-flex items-center gap-1.5 whitespace-nowrap px-1 text-ink-2"
        title={fresh.title}
      >
        {words}
      </span>
    );
  return (
    <Popover.Root>
      <Popover.Trigger
        title={fresh.title}
        className="inline-flex h-8 items-center gap-1.5 whitespace-nowrap rounded-lg px-1.5 text-ink-2 hover:bg-hover"
      >
        {words}
        <span className="text-ink-3 max-lg:sr-only">
          {fresh.live ? "but for" : "·"} {kinds.length} {kinds.length === 1 ? "kind" : "kinds"}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={6} className="z-50">
          <Popover.Popup
            className={`${popoverPopup} max-h-[70vh] w-96 max-w-[92vw] space-y-3 overflow-auto p-4 text-[13px]`}
          >
            <Popover.Title className="font-semibold">Where each kind stands</Popover.Title>
            <KindList kinds={kinds} now={now} />
            <p className="text-[12px] text-ink-3">All others are live, or are none of this cluster's.</p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The cluster's health in one line, what could not be read, and how fresh all of it is. */
export function StatusLine({ cluster, now, inCluster, onOpenInput }: Props) {
  const { broken, atRisk, unknown } = cluster.counts;
  const stream = useStreamState();
  const told = freshness(cluster, now);
  const isFollowed = isLive(cluster) && stream.connection !== "off";
  // A connection that stands says nothing about a cluster that could not be read.
  const words = streamWords(stream);
  const fresh = isFollowed && words !== undefined && (told.live || !words.live) ? words : told;
  const groups = unreadGroups(cluster.unread);
  // What is left alone by choice is told among the rest, and is no reason to look there.
  const unreadCount = groups.reduce((sum, group) => sum + (group.byChoice ? 0 : group.kinds.length), 0);
  return (
    <div className="flex items-center gap-1.5 text-[12px]">
      <a
        href={findingsLinkTo({ cluster: inCluster })}
        className="inline-flex h-8 items-center gap-3 rounded-lg px-2 hover:bg-hover"
        title="Open the findings"
      >
        <span className={`inline-flex items-center gap-1 ${broken > 0 ? "text-broken" : "text-ink-3"}`}>
          <X aria-hidden className="size-3.5" strokeWidth={2.5} />
          <b>{broken}</b> <span className="max-2xl:sr-only">broken</span>
        </span>
        <span className={`inline-flex items-center gap-1 ${atRisk > 0 ? "text-partial" : "text-ink-3"}`}>
          <TriangleAlert aria-hidden className="size-3.5" />
          <b>{atRisk}</b> <span className="max-2xl:sr-only">at risk</span>
        </span>
        <span className="inline-flex items-center gap-1 text-ink-3">
          <CircleHelp aria-hidden className="size-3.5" />
          <b>{unknown}</b> <span className="max-2xl:sr-only">unknown</span>
        </span>
      </a>
      {unreadCount > 0 ? (
        <Popover.Root>
          <Popover.Trigger
            title="What could not be read"
            className="inline-flex h-8 items-center gap-1 whitespace-nowrap rounded-lg px-2 text-ink-2 hover:bg-hover max-md:hidden"
          >
            <EyeOff aria-hidden className="size-3.5 2xl:hidden" />
            {unreadCount}
            <span className="max-2xl:sr-only"> {unreadCount === 1 ? "kind" : "kinds"} not read</span>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Positioner align="end" sideOffset={6} className="z-50">
              <Popover.Popup
                className={`${popoverPopup} max-h-[70vh] w-[26rem] max-w-[92vw] space-y-4 overflow-auto p-4 text-[13px]`}
              >
                <Popover.Title className="font-semibold">What could not be read</Popover.Title>
                {groups.map((group) => (
                  <section key={group.title}>
                    <h4 className="font-medium text-ink">{group.title}</h4>
                    <p className="mt-0.5 text-[12px] text-ink-3">{group.why}</p>
                    <p className="mt-1 text-[12px] text-ink-2">{group.kinds.map((k) => k.kind).join(", ")}</p>
                    {group.remedy === undefined ? null : (
                      <div className="mt-2">
                        <p className="mb-1 text-[12px] text-ink-2">{group.ask}</p>
                        <pre className="max-h-48 overflow-auto rounded-lg border border-line bg-ground p-2.5 font-mono text-[11px] text-ink-2">
                          {group.remedy}
                        </pre>
                        <div className="mt-1.5">
                          <CopyButton text={group.remedy} label="Copy rule" look="ghost" />
                        </div>
                      </div>
                    )}
                  </section>
                ))}
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        </Popover.Root>
      ) : null}
      {cluster.problemCount > 0 ? (
        <button
          type="button"
          onClick={onOpenInput}
          className="h-8 whitespace-nowrap rounded-lg px-2 font-medium text-partial hover:bg-hover max-md:hidden"
        >
          {cluster.problemCount} not taken
        </button>
      ) : null}
      {isFollowed ? (
        <button
          type="button"
          aria-pressed={stream.paused}
          title={stream.paused ? "Follow again (p)" : "Hold the view (p)"}
          aria-label={stream.paused ? "Follow again" : "Hold the view"}
          onClick={() => liveStream().pause(!stream.paused)}
          className={`inline-flex size-8 items-center justify-center rounded-lg hover:bg-hover max-sm:hidden ${stream.paused ? "text-accent" : "text-ink-3"}`}
        >
          {stream.paused ? (
            <Play aria-hidden className="size-3.5" />
          ) : (
            <Pause aria-hidden className="size-3.5" />
          )}
        </button>
      ) : null}
      <Freshness fresh={fresh} kinds={cluster.kinds ?? []} now={now} />
    </div>
  );
}
