"use client";

import { Popover } from "@base-ui/react/popover";
import { SlidersHorizontal } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { KindIcon } from "#components/ui/kind-icon.tsx";
import { popoverPopup } from "#components/ui/menu-style.ts";
import type { LinkState } from "#lib/protocol/link.ts";

type Filters = Pick<LinkState, "kind" | "label" | "only" | "touch">;

interface Props {
  readonly link: LinkState;
  /** The selected node, which "only what touches this" starts from. */
  readonly selected: string | undefined;
  readonly onChange: (change: Partial<Filters>) => void;
}

const kindChoices = [
  "ingress",
  "gateway",
  "http-route",
  "grpc-route",
  "service",
  "deployment",
  "stateful-set",
  "daemon-set",
  "job",
  "cron-job",
] as const;

/** Filters besides namespaces: kinds, labels, only broken, only what touches the selected object. */
export function FilterMenu({ link, selected, onChange }: Props) {
  const [label, setLabel] = useState("");
  const active =
    link.kind.length + link.label.length + (link.only === "broken" ? 1 : 0) + (link.touch === null ? 0 : 1);

  function addLabel(event: FormEvent) {
    event.preventDefault();
    const text = label.trim();
    if (text === "" || link.label.includes(text)) return;
    onChange({ label: [...link.label, text] });
    setLabel("");
  }

  return (
    <Popover.Root>
      <Popover.Trigger
        className={buttonClass("plain", "normal")}
        aria-label={active === 0 ? "Filters" : `Filters, ${active} active`}
      >
        <SlidersHorizontal aria-hidden className="size-3.5" />
        <span className="max-xl:hidden">Filters</span>
        {active === 0 ? null : (
          <span className="rounded-full bg-accent px-1.5 text-[11px] text-accent-ink">{active}</span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={6} className="z-50">
          <Popover.Popup className={`${popoverPopup} w-80 space-y-3 p-3.5 text-[13px]`}>
            <Popover.Title className="sr-only">Filters</Popover.Title>
            <label className="flex items-center gap-2.5">
              <input
                type="checkbox"
                checked={link.only === "broken"}
                onChange={(event) => onChange({ only: event.target.checked ? "broken" : "all" })}
                className="size-3.5 accent-(--accent)"
              />
              Only what is broken, and its paths
            </label>
            <label className="flex items-center gap-2.5">
              <input
                type="checkbox"
                checked={link.touch !== null}
                disabled={selected === undefined && link.touch === null}
                onChange={(event) => onChange({ touch: event.target.checked ? (selected ?? null) : null })}
                className="size-3.5 accent-(--accent)"
              />
              <span>
                Only what touches{" "}
                <span className="text-ink-3">
                  {link.touch ?? selected ?? "the selected object (select one first)"}
                </span>
              </span>
            </label>
            <fieldset>
              <legend className="mb-1.5 text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3">
                Kinds
              </legend>
              <div className="flex flex-wrap gap-1.5">
                {kindChoices.map((kind) => {
                  const on = link.kind.includes(kind);
                  return (
                    <button
                      key={kind}
                      type="button"
                      aria-pressed={on}
                      onClick={() =>
                        onChange({ kind: on ? link.kind.filter((k) => k !== kind) : [...link.kind, kind] })
                      }
                      className={`inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-[12px] ${on ? "border-accent bg-accent-soft text-accent" : "border-line text-ink-2 hover:bg-hover"}`}
                    >
                      <KindIcon kind={kind} className="size-3" />
                      {kind.replaceAll("-", " ")}
                    </button>
                  );
                })}
              </div>
            </fieldset>
            <form onSubmit={addLabel}>
              <label
                htmlFor="label-filter"
                className="mb-1.5 block text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3"
              >
                Labels
              </label>
              <div className="flex gap-1.5">
                <input
                  id="label-filter"
                  value={label}
                  onChange={(event) => setLabel(event.target.value)}
                  placeholder="app=cart, or tier"
                  className="h-8 min-w-0 flex-1 rounded-lg border border-line bg-ground px-2.5 font-mono text-[12px] placeholder:text-ink-3"
                />
                <Button type="submit">Add</Button>
              </div>
              <div className="mt-1.5 flex flex-wrap gap-1.5">
                {link.label.map((text) => (
                  <button
                    key={text}
                    type="button"
                    aria-label={`Remove label ${text}`}
                    onClick={() => onChange({ label: link.label.filter((l) => l !== text) })}
                    className="rounded-full border border-accent bg-accent-soft px-2.5 py-0.5 font-mono text-[12px] text-accent"
                  >
                    {text} ×
                  </button>
                ))}
              </div>
            </form>
            {active === 0 ? null : (
              <button
                type="button"
                onClick={() => onChange({ kind: [], label: [], only: "all", touch: null })}
                className="text-[12px] font-medium text-accent hover:underline"
              >
                Clear filters
              </button>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
