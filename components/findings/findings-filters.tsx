"use client";

import { Search, X } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { FindingsAnswer } from "#lib/protocol/answers.ts";
import { type FindingsLink, groupings } from "#lib/protocol/findings-link.ts";
import { FacetMenu } from "./facet-menu.tsx";
import { severities, severityOrder } from "./severity.ts";

interface Props {
  readonly link: FindingsLink;
  readonly answer: FindingsAnswer | undefined;
  readonly onChange: (change: Partial<FindingsLink>) => void;
}

/** What is listed, and in what order. */
export function FindingsFilters({ link, answer, onChange }: Props) {
  const filtered =
    link.severity.length + link.ns.length + link.kind.length + link.code.length > 0 || link.q !== "";
  const facets = answer?.facets;

  function toggleSeverity(severity: (typeof severityOrder)[number]) {
    const chosen = link.severity.includes(severity)
      ? link.severity.filter((each) => each !== severity)
      : [...link.severity, severity];
    onChange({ severity: severityOrder.filter((each) => chosen.includes(each)) });
  }

  return (
    <div className="space-y-2.5 border-b border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label="Severity">
        {severityOrder.map((severity) => {
          const { icon: Icon, text, soft, words } = severities[severity];
          const pressed = link.severity.includes(severity);
          const count = answer?.counts[severity];
          return (
            <button
              key={severity}
              type="button"
              aria-pressed={pressed}
              onClick={() => toggleSeverity(severity)}
              className={`inline-flex h-8 items-center gap-1.5 rounded-lg border px-2.5 text-[12.5px] ${pressed ? `border-current ${soft} ${text}` : "border-line text-ink-2 hover:bg-hover"}`}
            >
              <Icon aria-hidden className={`size-3.5 ${text}`} />
              <b className="font-semibold tabular-nums text-ink">{count ?? "…"}</b> {words.toLowerCase()}
            </button>
          );
        })}
        <SearchField key={link.q} text={link.q} onSearch={(q) => onChange({ q })} />
      </div>
      <div className="flex items-center gap-1.5 max-sm:-mx-4 max-sm:overflow-x-auto max-sm:px-4 sm:flex-wrap [&>*]:shrink-0">
        <label className="inline-flex h-8 items-center gap-1.5 rounded-lg border border-line px-2.5 text-[12.5px] text-ink-3">
          by
          <select
            value={link.by}
            onChange={({ target }) => {
              const by = groupings.find((each) => each === target.value);
              if (by !== undefined) onChange({ by });
            }}
            className="bg-surface font-medium text-ink"
          >
            {groupings.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <FacetMenu
          name="namespaces"
          all={facets?.namespaces ?? []}
          chosen={link.ns}
          onChange={(ns) => onChange({ ns: [...ns] })}
        />
        <FacetMenu
          name="kinds"
          all={facets?.kinds ?? []}
          chosen={link.kind}
          onChange={(kind) => onChange({ kind: [...kind] })}
        />
        <FacetMenu
          name="codes"
          all={facets?.codes ?? []}
          chosen={link.code}
          onChange={(code) => onChange({ code: [...code] })}
        />
        {filtered ? (
          <Button
            size="small"
            look="ghost"
            onClick={() => onChange({ severity: [], ns: [], kind: [], code: [], q: "" })}
          >
            <X aria-hidden className="size-3.5" />
            Clear filters
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function SearchField({ text, onSearch }: { readonly text: string; readonly onSearch: (q: string) => void }) {
  const [typed, setTyped] = useState(text);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
      className="ml-auto inline-flex h-8 min-w-40 flex-1 items-center gap-2 rounded-lg border border-line bg-ground px-2.5 text-[12.5px] text-ink-3 sm:max-w-64"
    >
      <Search aria-hidden className="size-3.5 shrink-0" />
      <input
        name="findings-search"
        aria-label="Search the findings"
        placeholder="Search: name, host, code, words"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={() => {
          if (typed.trim() !== text) onSearch(typed.trim());
        }}
        className="w-full min-w-0 bg-transparent text-ink outline-none placeholder:text-ink-3"
      />
    </form>
  );
}
