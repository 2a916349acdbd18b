"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { useDeferredValue, useState } from "react";
import useSWR from "swr";
import { HealthMark } from "#components/ui/health-mark.tsx";
import { KindIcon } from "#components/ui/kind-icon.tsx";
import { popoverPopup } from "#components/ui/menu-style.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { searchKey } from "#lib/client/keys.ts";
import { sourceText, targetText } from "#lib/model/end-text.ts";
import { type SearchAnswer, searchAnswerSchema } from "#lib/protocol/answers.ts";

interface Props {
  readonly cluster: string;
  readonly side: "from" | "to";
  /** As the link has it. */
  readonly value: string;
  /** The other end, near to which one most often looks. */
  readonly other: string;
  /** It cannot be asked about. */
  readonly invalid: boolean;
  readonly onChange: (text: string) => void;
}

interface Offer {
  readonly text: string;
  readonly name: string;
  readonly line: string;
  readonly kind: string;
  readonly health?: SearchAnswer["hits"][number]["health"] | undefined;
}

const workloads = ["deployment", "stateful-set", "daemon-set", "cron-job", "job", "pod"] as const;
const kindsOf = {
  from: [...workloads, "node"],
  to: ["service", ...workloads, "node"],
} as const;

const placeholders = {
  from: "workload, pod, IP, CIDR, internet",
  to: "Service, workload, URL, DNS name, IP",
} as const;

/** One end of a question: whatever the cluster has is completed, and anything that a link takes can be typed. */
export function EndField({ cluster, side, value, other, invalid, onChange }: Props) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? value;
  // Nothing typed yet: what stands beside the other end.
  const asked = useDeferredValue(
    (text === "" || text === value ? namespaceOf(other) : text).replaceAll("/", " "),
  );
  const [open, setOpen] = useState(false);
  const { data } = useSWR(
    open && asked.trim() !== "" ? searchKey(cluster, asked.trim(), kindsOf[side]) : null,
    (key: string) => fetchJson(key, searchAnswerSchema),
    { keepPreviousData: true, revalidateOnFocus: false },
  );
  const offers = open ? offersOf(side, text, data?.hits ?? []) : [];

  function commit(next: string) {
    setTyped(undefined);
    if (next.trim() !== value) onChange(next.trim());
  }

  return (
    <Autocomplete.Root
      items={offers}
      mode="none"
      value={text}
      open={open && offers.length > 0}
      onOpenChange={setOpen}
      openOnInputClick
      itemToStringValue={(offer: Offer) => offer.text}
      onValueChange={(next, { reason }) => {
        if (reason === "item-press") commit(next);
        else setTyped(next);
      }}
    >
      <div
        className={`flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg border bg-surface pl-2.5 text-[13px] focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent ${invalid ? "border-broken-line" : "border-line"}`}
      >
        <span className="w-8 text-ink-3">{side}</span>
        <Autocomplete.Input
          name={side}
          aria-label={side}
          aria-invalid={invalid}
          placeholder={placeholders[side]}
          spellCheck={false}
          autoCapitalize="none"
          className="h-full min-w-0 flex-1 truncate rounded-r-lg bg-transparent pr-2 font-medium text-ink outline-none placeholder:font-normal placeholder:text-ink-3"
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            commit(text);
          }}
          onKeyDown={(event) => {
            // With nothing highlighted, Enter asks for what was typed.
            if (event.key === "Enter" && event.currentTarget.getAttribute("aria-activedescendant") === null) {
              event.preventDefault();
              setOpen(false);
              commit(text);
            }
          }}
        />
      </div>
      <Autocomplete.Portal>
        <Autocomplete.Positioner align="start" sideOffset={6} className="z-50">
          <Autocomplete.Popup
            className={`${popoverPopup} max-h-[min(24rem,var(--available-height))] w-[26rem] max-w-[92vw] overflow-auto p-1.5`}
          >
            <Autocomplete.List>
              {(offer: Offer) => (
                <Autocomplete.Item
                  key={offer.text}
                  value={offer}
                  className="flex cursor-default items-center gap-3 rounded-lg px-2.5 py-1.5 text-[13px] data-[highlighted]:bg-hover"
                >
                  <span className="text-ink-3">
                    <KindIcon kind={offer.kind} />
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium text-ink">{offer.name}</span>
                    <span className="block truncate text-[11px] text-ink-3">{offer.line}</span>
                  </span>
                  {offer.health === undefined ? null : <HealthMark health={offer.health} />}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}

const internet: Offer = {
  text: "internet",
  name: "internet",
  line: "every public address outside the cluster",
  kind: "internet",
};

function offersOf(side: "from" | "to", text: string, hits: SearchAnswer["hits"]): readonly Offer[] {
  const found = hits.flatMap(({ id, kind, name, namespace, why, health }): readonly Offer[] => {
    const end = side === "from" ? sourceText(id) : targetText(id);
    if (end === undefined) return [];
    const words = [kind.replaceAll("-", " "), namespace, why === "name" ? undefined : why];
    return [{ text: end, name, line: words.filter((word) => word !== undefined).join(" · "), kind, health }];
  });
  return text === "" || internet.text.startsWith(text.toLowerCase()) ? [internet, ...found] : found;
}

function namespaceOf(end: string): string {
  return end.includes("/") && !end.includes(":") ? (end.split("/")[0] ?? "") : "";
}
