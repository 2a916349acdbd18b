import {
  Check,
  CircleHelp,
  type LucideIcon,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestion,
  Split,
  X,
} from "lucide-react";
import { capital } from "#lib/model/capital.ts";
import type { TraceView } from "#lib/protocol/trace.ts";
import { traceSentence } from "#lib/protocol/trace-words.ts";

export const verdictLooks: Readonly<
  Record<
    TraceView["verdict"],
    { readonly word: string; readonly icon: LucideIcon; readonly box: string; readonly ink: string }
  >
> = {
  reachable: { word: "Reachable.", icon: Check, box: "border-ok-line bg-ok-soft", ink: "text-ok" },
  blocked: { word: "Blocked.", icon: X, box: "border-broken-line bg-broken-soft", ink: "text-broken" },
  depends: { word: "Depends.", icon: Split, box: "border-partial-line bg-partial-soft", ink: "text-partial" },
  unknown: {
    word: "Unknown.",
    icon: CircleHelp,
    box: "border-line-strong border-dashed bg-unknown-soft",
    ink: "text-unknown",
  },
};

const enforcementIcons: Readonly<Record<TraceView["enforcement"]["state"], LucideIcon>> = {
  enforced: ShieldCheck,
  partly: ShieldAlert,
  "none-found": ShieldAlert,
  unknown: ShieldQuestion,
};

/** The answer in one sentence, what the paths come to where they differ, and whether policies are enforced at all. */
export function VerdictBox({ trace, checked }: { readonly trace: TraceView; readonly checked: string }) {
  const { word, icon: Icon, box, ink } = verdictLooks[trace.verdict];
  const { enforcement } = trace;
  const Enforced = enforcementIcons[enforcement.state];
  const loud = enforcement.state === "none-found" || enforcement.state === "partly";
  return (
    <div role="status" data-verdict={trace.verdict} className={`rounded-xl border px-3.5 py-3 ${box}`}>
      <p className="flex items-start gap-2.5 text-[14px] leading-snug">
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} strokeWidth={2.5} />
        <span className="min-w-0 break-words text-ink">
          <b className={`font-semibold ${ink}`}>{word}</b> {traceSentence(trace)}
        </span>
      </p>
      {trace.sides.length > 0 ? (
        <ul className="mt-2 space-y-1 pl-[1.65rem] text-[12.5px]">
          {trace.sides.map(({ who, verdict, why }) => {
            const Side = verdictLooks[verdict].icon;
            return (
              <li key={`${who} ${why}`} className="flex items-start gap-1.5 text-ink-2">
                <Side
                  aria-hidden
                  className={`mt-0.5 size-3.5 shrink-0 ${verdictLooks[verdict].ink}`}
                  strokeWidth={2.5}
                />
                <span className="min-w-0 break-words">
                  <b className="font-medium text-ink">{who === "" ? "otherwise" : who}</b>
                  {`: ${verdict}`}
                  {why === "" ? "" : `, ${why}`}
                </span>
              </li>
            );
          })}
        </ul>
      ) : null}
      <p
        className={`mt-2 flex items-start gap-1.5 pl-[1.65rem] text-[12px] ${loud ? "text-partial" : "text-ink-2"}`}
      >
        <Enforced aria-hidden className="mt-0.5 size-3.5 shrink-0" strokeWidth={1.75} />
        <span className="min-w-0 break-words">
          As configured · {checked} · {sentence(enforcement.sentence)}
        </span>
      </p>
    </div>
  );
}

export function sentence(text: string): string {
  return /[.?!]$/.test(text) ? capital(text) : `${capital(text)}.`;
}
