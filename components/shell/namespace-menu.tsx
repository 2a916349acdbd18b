"use client";

import { Popover } from "@base-ui/react/popover";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { HealthMark } from "#components/ui/health-mark.tsx";
import { popoverPopup } from "#components/ui/menu-style.ts";
import { ProblemError } from "#lib/client/fetch-json.ts";
import { namespacesKey } from "#lib/client/keys.ts";
import { namespacesAnswerSchema } from "#lib/protocol/answers.ts";
import type { ClusterStatus } from "#lib/protocol/cluster.ts";
import { isLive } from "./status-words.ts";
import { useLive } from "./use-live.ts";

interface Props {
  readonly cluster: ClusterStatus;
  readonly chosen: readonly string[];
  readonly onChange: (namespaces: string[]) => void;
}

/** Which namespaces are on the map; none chosen means all. */
export function NamespaceMenu({ cluster, chosen, onChange }: Props) {
  const total = cluster.counts.namespaces;
  const label =
    chosen.length === 0 ? `all ${total}` : chosen.length === 1 ? chosen[0] : `${chosen.length} of ${total}`;

  return (
    <Popover.Root>
      <Popover.Trigger className="inline-flex h-8 items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-[13px] hover:bg-hover max-md:hidden">
        <span className="text-ink-3 max-lg:sr-only">namespaces</span>
        <span className="max-w-32 truncate font-semibold">{label}</span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={6} className="z-50">
          <Popover.Popup className={`${popoverPopup} w-72 p-2`}>
            <Popover.Title className="sr-only">Namespaces on the map</Popover.Title>
            <Choices cluster={cluster} chosen={chosen} onChange={onChange} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** So many are enough to look through; those that are chosen are among them. */
const mostShown = 200;

/** Asked for while they are open, and then kept current. */
function Choices({ cluster, chosen, onChange }: Props) {
  const [text, setText] = useState("");
  const { data, error } = useLive(namespacesKey(cluster.id), namespacesAnswerSchema, {
    live: isLive(cluster),
  });
  const namespaces = data?.namespaces ?? [];
  const found = namespaces.filter(({ name }) => name.includes(text.trim().toLowerCase()));
  const shown = found.filter(({ name }, at) => at < mostShown || chosen.includes(name));

  function toggle(name: string) {
    onChange(chosen.includes(name) ? chosen.filter((n) => n !== name) : [...chosen, name].sort());
  }

  return (
    <>
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Filter namespaces"
        aria-label="Filter namespaces"
        className="mb-1.5 h-8 w-full rounded-lg border border-line bg-ground px-2.5 text-[13px] placeholder:text-ink-3"
      />
      <div className="max-h-72 overflow-auto">
        {shown.map(({ name, broken, partial }) => (
          <label
            key={name}
            className="flex cursor-pointer items-center gap-2.5 rounded-lg px-2 py-1.5 text-[13px] hover:bg-hover"
          >
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={() => toggle(name)}
              className="size-3.5 accent-(--accent)"
            />
            <span className="min-w-0 flex-1 truncate">{name}</span>
            {broken > 0 ? (
              <span className="inline-flex items-center gap-1 text-[11px] text-broken">
                {broken} <HealthMark health="broken" />
              </span>
            ) : null}
            {partial > 0 ? (
              <span className="inline-flex items-center gap-1 text-[11px] text-partial">
                {partial} <HealthMark health="partial" />
              </span>
            ) : null}
          </label>
        ))}
        {shown.length < found.length ? (
          <p className="px-2 py-1.5 text-[12px] text-ink-3">
            {(found.length - shown.length).toLocaleString("en")} more: type a part of the name
          </p>
        ) : null}
        {shown.length === 0 ? (
          <p role="status" className="px-2 py-3 text-[13px] text-ink-3">
            {data !== undefined
              ? "No namespace is named like that."
              : error instanceof ProblemError
                ? `${error.problem.title}.`
                : "Asking for them…"}
          </p>
        ) : null}
      </div>
      <div className="mt-1.5 flex justify-between border-t border-line pt-1.5">
        <button
          type="button"
          onClick={() => onChange([])}
          className="rounded px-2 py-1 text-[12px] font-medium text-accent hover:underline"
        >
          Show all
        </button>
        <button
          type="button"
          disabled={data === undefined}
          onClick={() => onChange(namespaces.filter((n) => n.broken + n.partial > 0).map((n) => n.name))}
          className="rounded px-2 py-1 text-[12px] font-medium text-accent hover:underline disabled:text-ink-3 disabled:no-underline"
        >
          Only those with faults
        </button>
      </div>
    </>
  );
}
