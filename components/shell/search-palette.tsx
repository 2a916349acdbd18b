"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useDeferredValue, useState } from "react";
import useSWR from "swr";
import { HealthMark } from "#components/ui/health-mark.tsx";
import { KindIcon } from "#components/ui/kind-icon.tsx";
import { dialogBackdrop } from "#components/ui/menu-style.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { searchKey } from "#lib/client/keys.ts";
import { type SearchAnswer, searchAnswerSchema } from "#lib/protocol/answers.ts";

type Hit = SearchAnswer["hits"][number];

interface Props {
  readonly cluster: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onChoose: (hit: Hit) => void;
}

/** Finds any object by name, kind, label, IP, host or port, and flies there. */
export function SearchPalette({ cluster, open, onOpenChange, onChoose }: Props) {
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const { data, error, isLoading } = useSWR(
    // Asked for nothing as well, the server gets ready for what will be typed.
    open ? searchKey(cluster, query) : null,
    (key: string) => fetchJson(key, searchAnswerSchema),
    { keepPreviousData: true, revalidateOnFocus: false },
  );
  const hits = query === "" ? [] : (data?.hits ?? []);
  const [chosen, setChosen] = useState("");
  // Hits come after the keys do; Enter takes the first one unless someone walked to another that is still there.
  const highlighted = hits.some((hit) => hit.id === chosen) ? chosen : (hits[0]?.id ?? "");

  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className="fixed inset-x-3 top-[12vh] z-50 mx-auto max-w-xl overflow-hidden rounded-2xl border border-line bg-raised shadow-raised">
          <Dialog.Title className="sr-only">Find anything in the cluster</Dialog.Title>
          <Command
            shouldFilter={false}
            label="Find anything in the cluster"
            loop
            value={highlighted}
            onValueChange={setChosen}
          >
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search aria-hidden className="size-4 text-ink-3" />
              <Command.Input
                autoFocus
                value={text}
                onValueChange={setText}
                placeholder="Find anything: name, label, IP, host, port"
                className="h-12 flex-1 bg-transparent text-[15px] outline-none placeholder:text-ink-3"
              />
            </div>
            <Command.List
              className="max-h-[52vh] overflow-auto p-1.5"
              aria-busy={isLoading}
              data-results-for={data?.query}
            >
              {query === "" ? (
                <p className="px-3 py-5 text-[13px] text-ink-3">
                  Try a name, a label such as <code className="font-mono">name=cart</code>, an IP, a host, or
                  a port such as <code className="font-mono">:7070</code>.
                </p>
              ) : null}
              {error === undefined ? null : (
                <p className="px-3 py-5 text-[13px] text-broken">{String(error.message)}</p>
              )}
              {query !== "" &&
              error === undefined &&
              !isLoading &&
              data?.query === query &&
              hits.length === 0 ? (
                <p role="status" className="px-3 py-5 text-[13px] text-ink-3">
                  Nothing in this cluster matches “{query}”.
                </p>
              ) : null}
              {hits.map((hit) => (
                <Command.Item
                  key={hit.id}
                  value={hit.id}
                  onSelect={() => {
                    onOpenChange(false);
                    setText("");
                    onChoose(hit);
                  }}
                  className="flex cursor-default items-center gap-3 rounded-lg px-3 py-2 text-[13px] data-[selected=true]:bg-hover"
                >
                  <span className="text-ink-3">
                    <KindIcon kind={hit.kind} />
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium text-ink">{hit.name}</span>
                    <span className="block truncate text-[11px] text-ink-3">
                      {hit.kind.replaceAll("-", " ")}
                      {hit.namespace === undefined ? "" : ` · ${hit.namespace}`} · {hit.why}
                    </span>
                  </span>
                  <HealthMark health={hit.health} />
                </Command.Item>
              ))}
              {data?.more === true && hits.length > 0 ? (
                <p className="px-3 py-2 text-[11px] text-ink-3">More match; type on to narrow them down.</p>
              ) : null}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
