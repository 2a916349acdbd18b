import { HealthMark, healthSoft, healthText } from "#components/ui/health-mark.tsx";
import { KindIcon } from "#components/ui/kind-icon.tsx";
import type { Health } from "#lib/model/graph.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";

/** The one sentence that a panel is opened for. */
export function Verdict({ health, sentence }: { readonly health: Health; readonly sentence: string }) {
  return (
    <p
      data-verdict={health}
      className={`flex items-start gap-2 rounded-xl p-3 text-[14px] font-medium ${healthSoft[health]} ${healthText[health]}`}
    >
      <span className="pt-0.5">
        <HealthMark health={health} />
      </span>
      <span className="inline-block text-ink first-letter:uppercase">{sentence}</span>
    </p>
  );
}

const tones = {
  ok: "text-ok",
  partial: "text-partial",
  broken: "text-broken",
  unknown: "text-unknown",
} as const;

export function Facts({ facts }: { readonly facts: readonly FactView[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-1.5 text-[13px]">
      {facts.map(({ label, value, mono, tone }) => (
        <div key={`${label} ${value}`} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd
            className={`min-w-0 break-words ${mono === true ? "font-mono text-[12px]" : ""} ${tone === undefined ? "text-ink" : tones[tone]}`}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function LabelChips({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  return (
    <ul className="flex flex-wrap gap-1.5">
      {Object.entries(labels).map(([key, value]) => (
        <li
          key={key}
          className="max-w-full break-all rounded-md border border-line bg-ground px-1.5 py-0.5 font-mono text-[11px] text-ink-2"
        >
          {key}={value}
        </li>
      ))}
    </ul>
  );
}

/** Other objects, each a step further: its name, how it relates, how it is. */
export function Related({
  related,
  onShow,
}: {
  readonly related: readonly RelatedView[];
  readonly onShow: (id: string) => void;
}) {
  return (
    <ul className="divide-y divide-line">
      {related.map((r) => (
        <li
          key={`${r.id} ${r.relation} ${r.note ?? ""}`}
          className="flex items-start gap-2.5 py-1.5 text-[13px]"
        >
          <span className="mt-0.5 text-ink-3">
            <KindIcon kind={r.kind} />
          </span>
          <span className="min-w-0 flex-1">
            {r.kind === "internet" ? (
              <span className="font-medium text-ink">{r.name}</span>
            ) : (
              <button
                type="button"
                onClick={() => onShow(r.id)}
                className="max-w-full break-all text-left font-medium text-ink hover:underline"
              >
                {r.namespace === undefined ? r.name : `${r.namespace}/${r.name}`}
              </button>
            )}
            <span className="block text-[12px] text-ink-3">{r.relation}</span>
            {r.note === undefined ? null : (
              <span
                className={`block text-[12px] ${r.health === undefined || r.health === "ok" ? "text-ink-2" : healthText[r.health]}`}
              >
                {r.note}
              </span>
            )}
          </span>
          {r.health === undefined ? null : <HealthMark health={r.health} />}
        </li>
      ))}
    </ul>
  );
}
