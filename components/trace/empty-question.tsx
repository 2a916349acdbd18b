"use client";

import { ArrowRight, History } from "lucide-react";
import { useEffect, useState } from "react";
import useSWR from "swr";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { searchKey } from "#lib/client/keys.ts";
import { type RecentQuestion, recentQuestions, rememberQuestion } from "#lib/client/recent-questions.ts";
import { sourceText } from "#lib/model/end-text.ts";
import { searchAnswerSchema } from "#lib/protocol/answers.ts";
import type { TraceLink } from "#lib/protocol/trace-link.ts";

interface Props {
  readonly cluster: string;
  readonly link: TraceLink;
  /** The answer is on its way. */
  readonly busy: boolean;
  readonly onAsk: (question: Partial<RecentQuestion>) => void;
}

/** Nothing asked yet: how to ask, and what was asked before. */
export function EmptyQuestion({ cluster, link, busy, onAsk }: Props) {
  const [recent, setRecent] = useState<readonly RecentQuestion[]>([]);
  useEffect(() => setRecent(recentQuestions(window.localStorage, cluster)), [cluster]);
  if (busy)
    return (
      <div role="status" className="space-y-3 px-5">
        <span className="sr-only">Asking</span>
        {["h-20 w-full", "h-4 w-3/4", "h-4 w-2/3", "h-4 w-5/6"].map((size) => (
          <div key={size} className={`animate-pulse rounded-xl bg-hover ${size}`} />
        ))}
      </div>
    );
  const next =
    link.from === "" && link.to === ""
      ? "Choose who sends and who is sent to: above, or by pressing cards on the map."
      : link.from === ""
        ? "Now choose who sends: above, or by pressing a card on the map."
        : "Now choose who is sent to: above, or by pressing a card on the map.";
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5 text-[13px]">
      <p className="text-[14px] font-medium text-ink">Can one end reach another?</p>
      <p className="mt-1 text-ink-2">{next}</p>
      {link.from === "" && link.to !== "" ? (
        <LikelySenders cluster={cluster} to={link.to} onChoose={(from) => onAsk({ from })} />
      ) : null}
      {recent.length === 0 ? null : (
        <section className="mt-5">
          <h2 className="flex items-center gap-1.5 text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3">
            <History aria-hidden className="size-3.5" />
            Asked before
          </h2>
          <ul className="mt-2 space-y-1">
            {recent.map((question) => (
              <li key={Object.values(question).join(" ")}>
                <button
                  type="button"
                  onClick={() => onAsk(question)}
                  className="flex w-full flex-wrap items-center gap-x-1.5 rounded-lg border border-line px-2.5 py-1.5 text-left text-[12.5px] hover:bg-hover"
                >
                  <span className="break-all font-medium text-ink">{question.from}</span>
                  <ArrowRight aria-label="to" className="size-3 text-ink-3" />
                  <span className="break-all font-medium text-ink">{question.to}</span>
                  <span className="text-ink-3">
                    {question.port} {question.protocol === "TCP" ? "" : question.protocol}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

const workloadKinds = ["deployment", "stateful-set", "daemon-set", "cron-job"] as const;
const mostSenders = 8;

/** Who most often asks: the workloads beside the target, and the internet. */
function LikelySenders({
  cluster,
  to,
  onChoose,
}: {
  readonly cluster: string;
  readonly to: string;
  readonly onChoose: (from: string) => void;
}) {
  const namespace = to.includes("/") ? (to.split("/")[0] ?? "") : "";
  const { data } = useSWR(
    namespace === "" ? null : searchKey(cluster, namespace, workloadKinds),
    (key: string) => fetchJson(key, searchAnswerSchema),
    { revalidateOnFocus: false },
  );
  const senders = (data?.hits ?? [])
    .filter((hit) => hit.namespace === namespace)
    .flatMap(({ id, name }) => {
      const text = sourceText(id);
      return text === undefined || text === to ? [] : [{ text, name }];
    })
    .slice(0, mostSenders);
  return (
    <ul aria-label="Likely senders" className="mt-3 flex flex-wrap gap-1.5">
      {[{ text: "internet", name: "internet" }, ...senders].map(({ text, name }) => (
        <li key={text}>
          <button
            type="button"
            onClick={() => onChoose(text)}
            className="rounded-lg border border-line bg-surface px-2 py-1 text-[12.5px] font-medium text-accent hover:bg-hover"
          >
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Keeps what was asked for the next visit. */
export function useRemembered(cluster: string, question: RecentQuestion | undefined): void {
  const key = question === undefined ? undefined : JSON.stringify(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the question
  useEffect(() => {
    if (question !== undefined) rememberQuestion(window.localStorage, cluster, question);
  }, [cluster, key]);
}
