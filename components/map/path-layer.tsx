import { CircleHelp, type LucideIcon, Shield, ShieldBan, Unlink } from "lucide-react";
import { Fragment } from "react";
import type { PathOverlay, PathSegment } from "#lib/model/path-overlay.ts";
import { midpointOf } from "./curve.ts";

interface Props {
  readonly path: PathOverlay;
  /** Index of the hop that is open. */
  readonly openHop: number | undefined;
  readonly onOpenHop: (hop: number) => void;
}

const lines: Readonly<
  Record<PathSegment["outcome"], { readonly colour: string; readonly dash?: string; readonly width: number }>
> = {
  pass: { colour: "var(--accent)", width: 2.5 },
  partial: { colour: "var(--partial-line)", width: 3 },
  block: { colour: "var(--broken-line)", width: 3 },
  unknown: { colour: "var(--unknown)", dash: "6 4", width: 2.5 },
  skipped: { colour: "var(--unknown)", dash: "2 5", width: 2 },
};

/** The way of a traced packet over everything else: what it passes, where it stops, what would come after. */
export function PathLines({ path }: Pick<Props, "path">) {
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute left-0 top-0 size-px overflow-visible">
      {path.segments.map(({ from, to, curve, outcome }) => {
        const { colour, dash, width } = lines[outcome];
        return (
          <Fragment key={`${from} ${to}`}>
            <path
              data-segment={outcome}
              d={dataOf(curve)}
              fill="none"
              stroke={colour}
              strokeWidth={width}
              strokeDasharray={dash}
              strokeLinecap="round"
            />
            <path d={headOf(curve)} fill="none" stroke={colour} strokeWidth={width} strokeLinecap="round" />
          </Fragment>
        );
      })}
    </svg>
  );
}

const marks: Readonly<
  Record<NonNullable<PathSegment["mark"]>, { readonly icon: LucideIcon; readonly words: string }>
> = {
  shield: { icon: Shield, words: "a policy lets it through here" },
  "barred-shield": { icon: ShieldBan, words: "a policy stops it here" },
  break: { icon: Unlink, words: "it stops here" },
  question: { icon: CircleHelp, words: "it is not known what happens here" },
};

const tones: Readonly<Record<PathSegment["outcome"], string>> = {
  pass: "border-accent text-accent",
  partial: "border-partial-line text-partial",
  block: "border-broken-line text-broken",
  unknown: "border-line-strong text-unknown",
  skipped: "border-line-strong text-unknown",
};

/** The shields and breaks that stand on it; each opens its hop. */
export function PathMarks({ path, openHop, onOpenHop }: Props) {
  return path.segments.map(({ from, to, curve, outcome, mark, hop }) => {
    if (mark === undefined || hop === undefined) return null;
    const { icon: Icon, words } = marks[mark];
    const { x, y } = midpointOf(curve);
    return (
      <button
        key={`${from} ${to}`}
        type="button"
        data-mark={mark}
        aria-label={`hop ${hop + 1}: ${words}`}
        title={words}
        aria-pressed={hop === openHop}
        onClick={() => onOpenHop(hop)}
        style={{ transform: `translate(${x - 13}px, ${y - 13}px)` }}
        className={`pointer-events-auto absolute left-0 top-0 flex size-[26px] items-center justify-center rounded-full border-2 bg-surface shadow-card hover:bg-hover ${tones[outcome]} ${hop === openHop ? "outline-2 outline-offset-2 outline-accent" : ""}`}
      >
        <Icon aria-hidden className="size-3.5" strokeWidth={2.25} />
      </button>
    );
  });
}

function dataOf([x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0]: readonly number[]): string {
  return `M${x0},${y0}C${x1},${y1} ${x2},${y2} ${x3},${y3}`;
}

/** An open arrow head, turned as the curve arrives. */
function headOf(curve: readonly number[]): string {
  const [, , , , x2 = 0, y2 = 0, x3 = 0, y3 = 0] = curve;
  const angle = Math.atan2(y3 - y2, x3 - x2);
  const wing = (turn: number) =>
    `${(x3 - 8 * Math.cos(angle + turn)).toFixed(1)},${(y3 - 8 * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${wing(0.5)}L${x3},${y3}L${wing(-0.5)}`;
}
