import { CircleAlert, Clock, EyeOff, LoaderCircle } from "lucide-react";
import type { KindSyncView } from "#lib/protocol/cluster.ts";
import { kindWords } from "./status-words.ts";

const icons = {
  syncing: LoaderCircle,
  live: Clock,
  stale: Clock,
  forbidden: EyeOff,
  failed: CircleAlert,
} as const;

const tones: Readonly<Record<KindSyncView["state"], string>> = {
  syncing: "text-accent",
  live: "text-ink-3",
  stale: "text-broken",
  forbidden: "text-partial",
  failed: "text-broken",
};

interface Props {
  readonly kinds: readonly KindSyncView[];
  readonly now: number | undefined;
}

/** Where each kind stands that is not simply live, a line each. */
export function KindList({ kinds, now }: Props) {
  return (
    <ul className="space-y-1.5 text-[13px]" data-kinds>
      {kinds.map((kind) => {
        const Icon = icons[kind.state];
        const share = kind.of === undefined || kind.of === 0 ? undefined : (kind.read ?? 0) / kind.of;
        return (
          <li key={kind.kind} title={kind.why}>
            <span className="flex items-center gap-2">
              <Icon
                aria-hidden
                className={`size-3.5 shrink-0 ${tones[kind.state]} ${kind.state === "syncing" ? "animate-spin motion-reduce:animate-none" : ""}`}
              />
              <span className="font-medium text-ink">{kind.kind}</span>
              <span className="ml-auto text-right tabular-nums text-ink-2">{kindWords(kind, now)}</span>
            </span>
            {share === undefined ? null : (
              <span className="mt-1 ml-5.5 block h-1 overflow-hidden rounded-full bg-hover">
                <span
                  className="block h-full rounded-full bg-accent transition-[width] motion-reduce:transition-none"
                  style={{ width: `${Math.min(100, Math.round(100 * share))}%` }}
                />
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
