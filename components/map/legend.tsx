import { Shield, ShieldBan, Unlink } from "lucide-react";

function Line({
  colour,
  dash,
  children,
}: {
  readonly colour: string;
  readonly dash?: string;
  readonly children: string;
}) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg width="26" height="6" aria-hidden="true">
        <line x1="0" y1="3" x2="26" y2="3" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
      </svg>
      {children}
    </span>
  );
}

/** What lines and marks mean. */
export function Legend() {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[11px] text-ink-2">
      <Line colour="var(--edge)">configured, good</Line>
      <span className="inline-flex items-center gap-2">
        <span className="relative inline-flex h-4 w-7 items-center justify-center">
          <span className="absolute inset-x-0 h-0.5 bg-broken-line" />
          <Unlink aria-hidden className="relative size-3.5 rounded-full bg-surface p-px text-broken" />
        </span>
        broken
      </span>
      <Line colour="var(--partial-line)">partly</Line>
      <Line colour="var(--unknown)" dash="5 3">
        not known
      </Line>
      <Line colour="var(--edge)" dash="1.5 3">
        idle
      </Line>
      <span className="inline-flex items-center gap-1.5">
        <Shield aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.75} />
        isolated by policy
      </span>
    </div>
  );
}

/** The same for a traced packet's way. */
export function PathLegend() {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[11px] text-ink-2">
      <Line colour="var(--accent)">gets through</Line>
      <Line colour="var(--broken-line)">stops here</Line>
      <Line colour="var(--partial-line)">on some paths</Line>
      <Line colour="var(--unknown)" dash="6 4">
        not known
      </Line>
      <Line colour="var(--unknown)" dash="2 5">
        does not come this far
      </Line>
      <span className="inline-flex items-center gap-1.5">
        <Shield aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.75} />a policy decides
      </span>
      <span className="inline-flex items-center gap-1.5">
        <ShieldBan aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.75} />
        and stops it
      </span>
    </div>
  );
}
