"use client";

import { Popover } from "@base-ui/react/popover";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { popoverPopup } from "#components/ui/menu-style.ts";

interface Props {
  /** What it chooses among: "namespaces". */
  readonly name: string;
  readonly all: readonly {
    readonly value: string;
    readonly title?: string | undefined;
    readonly count: number;
  }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Chooses among values with their counts; none chosen means all. What was chosen and has nothing now stays listed. */
export function FacetMenu({ name, all, chosen, onChange }: Props) {
  const [text, setText] = useState("");
  const gone = chosen.filter((value) => !all.some((each) => each.value === value));
  const listed = [...all, ...gone.map((value) => ({ value, title: undefined, count: 0 }))];
  const shown = listed.filter(({ value, title = "" }) =>
    `${value} ${title}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const label =
    chosen.length === 0 ? "all" : chosen.length === 1 ? chosen[0] : `${chosen.length} of ${listed.length}`;
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value].sort());
  return (
    <Popover.Root>
      <Popover.Trigger className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line bg-surface px-2.5 text-[12.5px] hover:bg-hover">
        <span className="text-ink-3">{name}</span>
        <span className="max-w-32 truncate font-medium">{label}</span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={6} className="z-50">
          <Popover.Popup className={`${popoverPopup} w-80 max-w-[92vw] p-2`}>
            <Popover.Title className="sr-only">Only these {name}</Popover.Title>
            <input
              value={text}
              onChange={({ target }) => setText(target.value)}
              placeholder={`Filter ${name}`}
              aria-label={`Filter ${name}`}
              className="mb-1.5 h-8 w-full rounded-lg border border-line bg-ground px-2.5 text-[13px] placeholder:text-ink-3"
            />
            <div className="max-h-72 overflow-auto">
              {shown.slice(0, mostListed).map(({ value, title, count }) => (
                <label
                  key={value}
                  className="flex cursor-pointer items-start gap-2.5 rounded-lg px-2 py-1.5 text-[13px] hover:bg-hover"
                >
                  <input
                    type="checkbox"
                    checked={chosen.includes(value)}
                    onChange={() => toggle(value)}
                    className="mt-0.5 size-3.5 accent-(--accent)"
                  />
                  <span className="min-w-0 flex-1 break-words">
                    {value}
                    {title === undefined ? null : (
                      <span className="block text-[11.5px] text-ink-3">{title}</span>
                    )}
                  </span>
                  <span className="text-[11.5px] tabular-nums text-ink-3">{count}</span>
                </label>
              ))}
              {shown.length > mostListed ? (
                <p className="px-2 py-2 text-[12px] text-ink-3">
                  and {shown.length - mostListed} more: type a part of the name
                </p>
              ) : null}
              {shown.length === 0 ? (
                <p className="px-2 py-3 text-[13px] text-ink-3">None is named so.</p>
              ) : null}
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

const mostListed = 200;
