"use client";

import { Check, ChevronDown, CircleHelp, type LucideIcon, Minus, Split, X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import type { HopView } from "#lib/protocol/trace.ts";
import { HopDetails } from "./hop-details.tsx";

interface Props {
  readonly hops: readonly HopView[];
  /** Index of the hop that is open; undefined: none. */
  readonly open: number | undefined;
  readonly onOpen: (hop: number | undefined) => void;
  readonly onShow: (id: string) => void;
}

/** The hops from the top down, as the packet goes: each a line to read, the open one with its evidence. */
export function HopStrip({ hops, open, onOpen, onShow }: Props) {
  return (
    <ol aria-label="Hops" className="px-5 py-4">
      {hops.map((hop, i) => (
        <HopItem
          // biome-ignore lint/suspicious/noArrayIndexKey: a hop is its place on the way
          key={i}
          hop={hop}
          number={i}
          leg={hop.leg === hops[i - 1]?.leg ? undefined : hop.leg}
          last={i === hops.length - 1}
          open={i === open}
          onToggle={() => onOpen(i === open ? undefined : i)}
          onShow={onShow}
        />
      ))}
    </ol>
  );
}

interface Look {
  readonly icon: LucideIcon;
  readonly words: string;
  readonly dot: string;
  readonly title: string;
  readonly line: string;
}

const looks: Readonly<Record<HopView["outcome"], Look>> = {
  pass: {
    icon: Check,
    words: "passes",
    dot: "bg-ok-line text-white dark:text-[#06140d]",
    title: "text-ink",
    line: "border-ok-line/50",
  },
  partial: {
    icon: Split,
    words: "depends",
    dot: "bg-partial-line text-white dark:text-[#1d1203]",
    title: "text-ink",
    line: "border-partial-line/50",
  },
  block: {
    icon: X,
    words: "stops here",
    dot: "bg-broken-line text-white dark:text-[#1b0609]",
    title: "text-ink",
    line: "border-dashed border-line-strong",
  },
  unknown: {
    icon: CircleHelp,
    words: "not known",
    dot: "border border-line-strong bg-surface text-unknown",
    title: "text-ink",
    line: "border-dashed border-line-strong",
  },
  skipped: {
    icon: Minus,
    words: "not asked",
    dot: "bg-unknown-soft text-unknown",
    title: "text-ink-3",
    line: "border-dashed border-line-strong",
  },
};

const legs = { entry: "On the way in", backend: "From there on" } as const;

function HopItem({
  hop,
  number,
  leg,
  last,
  open,
  onToggle,
  onShow,
}: {
  readonly hop: HopView;
  readonly number: number;
  readonly leg: HopView["leg"];
  readonly last: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onShow: (id: string) => void;
}) {
  const { icon: Icon, words, dot, title, line } = looks[hop.outcome];
  const details = useId();
  const item = useRef<HTMLLIElement>(null);
  const heading = useRef<HTMLButtonElement>(null);
  const before = useRef(open);
  useEffect(() => {
    // A page just opened shows the verdict and, where there is room for both, what the open hop says: no more than that.
    const isFirst = before.current === open;
    before.current = open;
    if (!open) return;
    if (!isFirst) item.current?.scrollIntoView({ block: "nearest" });
    else if (window.matchMedia("(min-width: 768px)").matches)
      heading.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const several = hop.sides.length > 1;
  return (
    <li
      ref={item}
      data-hop={number + 1}
      data-outcome={hop.outcome}
      className="relative flex gap-3.5 pb-4 last:pb-0"
    >
      {last ? null : <span aria-hidden className={`absolute bottom-0 left-[11px] top-6 border-l ${line}`} />}
      <span
        className={`relative mt-px flex size-[23px] shrink-0 items-center justify-center rounded-full ${dot}`}
      >
        <Icon aria-hidden className="size-3.5" strokeWidth={2.75} />
      </span>
      <div className="min-w-0 flex-1">
        {leg === undefined ? null : (
          <p className="mb-0.5 text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3">
            {legs[leg]}
          </p>
        )}
        <button
          ref={heading}
          type="button"
          aria-expanded={open}
          aria-controls={details}
          onClick={onToggle}
          className="group flex w-full items-start gap-2 rounded text-left"
        >
          <span className="min-w-0 flex-1">
            <span className={`block break-words text-[13.5px] font-semibold leading-snug ${title}`}>
              {hop.title}
              <span className="sr-only">, {words}</span>
            </span>
            {several ? null : <Told hop={hop} />}
          </span>
          <ChevronDown
            aria-hidden
            className={`mt-0.5 size-4 shrink-0 text-ink-3 transition-transform group-hover:text-ink ${open ? "rotate-180" : ""}`}
          />
        </button>
        {several ? <Sides hop={hop} /> : null}
        <div id={details} hidden={!open}>
          {open ? <HopDetails hop={hop} onShow={onShow} /> : null}
        </div>
      </div>
    </li>
  );
}

function Told({ hop }: { readonly hop: HopView }) {
  const tone =
    hop.outcome === "block" ? "text-broken" : hop.outcome === "partial" ? "text-partial" : "text-ink-2";
  return (
    <span className={`mt-0.5 block break-words text-[12.5px] leading-snug ${tone}`}>{hop.sentence}</span>
  );
}

/** What paths meet here, where they meet different things. */
function Sides({ hop }: { readonly hop: HopView }) {
  return (
    <ul className="mt-1 space-y-1">
      {hop.sides.map(({ who, outcome, sentence }) => {
        const { icon: Icon, words } = looks[outcome];
        const tone = outcome === "block" ? "text-broken" : outcome === "unknown" ? "text-unknown" : "text-ok";
        return (
          <li
            key={`${who} ${sentence}`}
            className="flex items-start gap-1.5 text-[12.5px] leading-snug text-ink-2"
          >
            <Icon
              aria-label={words}
              role="img"
              className={`mt-0.5 size-3.5 shrink-0 ${tone}`}
              strokeWidth={2.5}
            />
            <span className="min-w-0 break-words">
              {who === "" ? null : <b className="font-medium text-ink">{who}: </b>}
              {sentence}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
