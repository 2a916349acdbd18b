"use client";

import { ChevronRight, CircleHelp, type LucideIcon, ShieldBan, ShieldCheck, Split } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { isBusy } from "#components/shell/asking.tsx";
import { Section } from "#components/ui/section.tsx";
import { fetchJson, ProblemError } from "#lib/client/fetch-json.ts";
import { reachKey } from "#lib/client/keys.ts";
import { capital } from "#lib/model/capital.ts";
import { type ReachView, reachAnswerSchema } from "#lib/protocol/trace.ts";
import { traceLinkTo } from "#lib/protocol/trace-link.ts";

interface Props {
  readonly cluster: string;
  /** The cluster as links name it: null for the default one. */
  readonly linkCluster: string | null;
  /** Counts up as answers change. */
  readonly answers: number;
  readonly direction: "to" | "from";
  /** As a trace's link has it. */
  readonly end: string;
  readonly onShow: (id: string) => void;
}

const titles = { to: "Who may reach it", from: "What it may reach" } as const;

/** Every workload by namespace, with the policy that decides; each leads to its trace. */
export function ReachSection({ cluster, linkCluster, answers, direction, end, onShow }: Props) {
  const { data, error } = useSWR(
    [reachKey(cluster, direction, end), answers],
    ([key]) => fetchJson(key, reachAnswerSchema),
    { keepPreviousData: true, revalidateOnFocus: false, shouldRetryOnError: isBusy },
  );
  return (
    <Section title={titles[direction]} aside="as policies have it">
      {error instanceof ProblemError ? (
        <p className="text-[13px] text-ink-2">
          {error.problem.title}
          {isBusy(error) ? ". It is asked again by itself." : ""}
        </p>
      ) : data === undefined ? (
        <p role="status" className="h-5 w-2/3 animate-pulse rounded bg-hover">
          <span className="sr-only">Asking</span>
        </p>
      ) : (
        <Reach reach={data.reach} linkCluster={linkCluster} onShow={onShow} />
      )}
    </Section>
  );
}

type Group = ReachView["outside"][number];

function Reach({
  reach,
  linkCluster,
  onShow,
}: {
  readonly reach: ReachView;
  readonly linkCluster: string | null;
  readonly onShow: (id: string) => void;
}) {
  const { direction, end, sentence, namespaces, outside, notes, enforcement } = reach;
  const isLoud = enforcement.state === "none-found" || enforcement.state === "partly";
  const linkOf = (other: string) =>
    traceLinkTo({
      cluster: linkCluster,
      from: direction === "to" ? other : end.text,
      to: direction === "to" ? end.text : other,
    });
  // What may is what one looks for; namespaces in which none may come after.
  const sorted = namespaces.toSorted((a, b) => Number(b.may > 0) - Number(a.may > 0));
  return (
    <div data-reach={direction}>
      <p className="text-[13px] text-ink">{capital(sentence)}.</p>
      {isLoud ? <p className="mt-1 text-[12px] text-partial">{capital(enforcement.sentence)}.</p> : null}
      <ul className="mt-2 divide-y divide-line">
        {sorted.map(({ namespace, may, total, groups }) => (
          <Fold
            key={namespace}
            name={namespace}
            count={`${may} of ${total}`}
            open={may > 0 && sorted.length <= 6}
          >
            <Groups groups={groups} linkOf={linkOf} onShow={onShow} />
          </Fold>
        ))}
        {outside.length === 0 ? null : (
          <Fold
            name="outside the cluster"
            count={`${outside.filter(({ verdict }) => verdict !== "blocked" && verdict !== "unknown").length} of ${outside.length}`}
            open={false}
          >
            <Groups groups={outside} linkOf={linkOf} onShow={onShow} />
          </Fold>
        )}
      </ul>
      {notes.map((note) => (
        <p key={note} className="mt-1.5 text-[12px] text-ink-3">
          {capital(note)}.
        </p>
      ))}
    </div>
  );
}

function Fold({
  name,
  count,
  open: start,
  children,
}: {
  readonly name: string;
  readonly count: string;
  readonly open: boolean;
  readonly children: React.ReactNode;
}) {
  const [open, setOpen] = useState(start);
  return (
    <li className="py-1.5">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-1.5 rounded text-left text-[13px]"
      >
        <ChevronRight
          aria-hidden
          className={`size-3.5 text-ink-3 transition-transform ${open ? "rotate-90" : ""}`}
        />
        <span className="min-w-0 flex-1 truncate font-medium text-ink">{name}</span>
        <span className="text-[12px] text-ink-3">{count}</span>
      </button>
      {open ? <div className="pb-1 pl-5 pt-1.5">{children}</div> : null}
    </li>
  );
}

const looks: Readonly<
  Record<Group["verdict"], { readonly icon: LucideIcon; readonly word: string; readonly ink: string }>
> = {
  reachable: { icon: ShieldCheck, word: "may", ink: "text-ok" },
  "some-ports": { icon: ShieldCheck, word: "may", ink: "text-ok" },
  depends: { icon: Split, word: "depends", ink: "text-partial" },
  unknown: { icon: CircleHelp, word: "not known", ink: "text-unknown" },
  blocked: { icon: ShieldBan, word: "may not", ink: "text-broken" },
};

function Groups({
  groups,
  linkOf,
  onShow,
}: {
  readonly groups: readonly Group[];
  readonly linkOf: (end: string) => string;
  readonly onShow: (id: string) => void;
}) {
  return (
    <ul className="space-y-2">
      {groups.map(({ verdict, why, ports, policies, ends, count }) => {
        const { icon: Icon, word, ink } = looks[verdict];
        const [policy] = policies;
        return (
          <li key={`${verdict} ${ports} ${why}`} className="flex items-start gap-2 text-[12.5px]">
            <Icon aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${ink}`} strokeWidth={2} />
            <div className="min-w-0 flex-1">
              <p className="break-words">
                <span className={`font-medium ${ink}`}>
                  {word}
                  {ports === undefined ? "" : `, on ${ports} only`}
                </span>
                {ends.map(({ text, name }, i) => (
                  <span key={name}>
                    {i === 0 ? " " : ", "}
                    <a href={linkOf(text)} className="text-ink hover:underline" title="Open the trace">
                      {name}
                    </a>
                  </span>
                ))}
                {count > ends.length ? (
                  <span className="text-ink-3"> and {count - ends.length} more</span>
                ) : null}
              </p>
              <p className="break-words text-[12px] text-ink-3">
                {policy === undefined ? (
                  why
                ) : (
                  <button type="button" onClick={() => onShow(policy)} className="text-left hover:underline">
                    {why}
                  </button>
                )}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
