"use client";

import { ChevronDown, CornerDownRight } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { FindingView, ProblemGroupView } from "#lib/protocol/finding.ts";
import { FindingDetails } from "./finding-details.tsx";
import { severities } from "./severity.ts";

/** A problem with its findings, or one finding alone. */
export interface Item {
  readonly finding: FindingView;
  readonly consequences: readonly { readonly finding: FindingView; readonly depth: number }[];
  readonly affects?: ProblemGroupView["affects"] | undefined;
  /** What explains it, in words, where that is not shown above it. */
  readonly cause?: string | undefined;
}

interface Props {
  readonly item: Item;
  /** Key of the finding that is open: the item's own or one of its consequences'. */
  readonly open: string | undefined;
  readonly onOpen: (key: string | undefined) => void;
  readonly onShow: (id: string) => void;
}

/** One thing to repair: the finding that is its root, how much hangs on it, and what follows from it. */
export function ProblemCard({ item, open, onOpen, onShow }: Props) {
  const { finding, consequences, affects, cause } = item;
  const key = finding.key;
  const isOpen = open === key;
  const inside = isOpen || consequences.some((each) => each.finding.key === open);
  return (
    <li
      className={`rounded-xl border bg-surface ${inside ? "border-line-strong shadow-card" : "border-line"}`}
      data-problem={key}
    >
      <FindingRow finding={finding} isOpen={isOpen} onOpen={onOpen} onShow={onShow}>
        {affects === undefined ? null : <Affected affects={affects} />}
        {cause === undefined ? null : (
          <span className="mt-1 block text-[12px] text-ink-2">Follows from {cause}</span>
        )}
      </FindingRow>
      {consequences.length === 0 ? null : (
        <details open={inside} className="border-t border-line">
          <summary className="cursor-pointer list-none rounded-b-xl px-3.5 py-2 text-[12.5px] font-medium text-ink-2 hover:bg-hover">
            {consequences.length === 1
              ? "1 more finding follows from it"
              : `${consequences.length} more findings follow from it`}
          </summary>
          <ul className="pb-2">
            {consequences.map(({ finding: each, depth }) => {
              const own = each.key;
              return (
                <li key={own} data-consequence={own} style={{ paddingLeft: `${(depth - 1) * 1.25}rem` }}>
                  <FindingRow finding={each} isOpen={open === own} onOpen={onOpen} onShow={onShow} follows />
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </li>
  );
}

function FindingRow({
  finding,
  isOpen,
  onOpen,
  onShow,
  follows = false,
  children,
}: {
  readonly finding: FindingView;
  readonly isOpen: boolean;
  readonly onOpen: (key: string | undefined) => void;
  readonly onShow: (id: string) => void;
  readonly follows?: boolean;
  readonly children?: React.ReactNode;
}) {
  const { icon: Icon, text, words } = severities[finding.severity];
  const key = finding.key;
  const details = useId();
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(false);
  useEffect(() => {
    if (isOpen && !before.current) button.current?.scrollIntoView({ block: "nearest" });
    before.current = isOpen;
  }, [isOpen]);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={details}
        onClick={() => onOpen(isOpen ? undefined : key)}
        className="group flex w-full scroll-my-4 items-start gap-2.5 rounded-xl px-3.5 py-2.5 text-left hover:bg-hover"
      >
        {follows ? <CornerDownRight aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-3" /> : null}
        <Icon role="img" aria-label={words} className={`mt-0.5 size-4 shrink-0 ${text}`} />
        <span className="min-w-0 flex-1">
          <span
            className={`block text-pretty text-[13.5px] leading-snug text-ink ${follows ? "" : "font-medium"}`}
          >
            {finding.message}
          </span>
          <span className="mt-0.5 block break-all font-mono text-[11.5px] text-ink-3">{finding.subject}</span>
          {children}
        </span>
        <span className="mt-0.5 shrink-0 font-mono text-[11px] text-ink-3">{finding.code}</span>
        <ChevronDown
          aria-hidden
          className={`mt-0.5 size-4 shrink-0 text-ink-3 transition-transform ${isOpen ? "rotate-180" : ""}`}
        />
      </button>
      <div id={details} hidden={!isOpen}>
        {isOpen ? <Opened finding={finding} onShow={onShow} /> : null}
      </div>
    </>
  );
}

function Opened({
  finding,
  onShow,
}: {
  readonly finding: FindingView;
  readonly onShow: (id: string) => void;
}) {
  return (
    <div className="space-y-3 px-3.5 pb-3.5 pl-[2.4rem] pt-1">
      <FindingDetails finding={finding} onShow={onShow} />
      <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3">
        <button
          type="button"
          onClick={() => onShow(finding.subject)}
          className="text-[12.5px] font-medium text-accent hover:underline"
        >
          Open on the map
        </button>
        <span className="ml-auto" />
        <CopyButton text={finding.ignore} label="Copy ignore command" look="ghost" />
      </div>
    </div>
  );
}

/** What hangs on it, counted: why it is worth somebody's time. */
function Affected({ affects }: { readonly affects: ProblemGroupView["affects"] }) {
  const { hosts } = affects;
  const services = affects.services.length;
  const entries = affects.entries.length;
  const parts = [
    services > 1 || (services === 1 && entries > 0)
      ? `${services} ${services === 1 ? "Service" : "Services"}`
      : undefined,
    entries > 0 ? `${entries} ${entries === 1 ? "Ingress or route" : "Ingresses or routes"}` : undefined,
    hosts.length === 0
      ? undefined
      : hosts.length <= 2
        ? hosts.join(", ")
        : `${hosts.slice(0, 2).join(", ")} and ${hosts.length - 2} more hosts`,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return null;
  return <span className="mt-1 block text-[12px] text-ink-2">Hangs on it: {parts.join(" · ")}</span>;
}
