import { Check, CircleHelp, type LucideIcon, Split } from "lucide-react";

export type Letter = "r" | "s" | "d" | "u" | "b";

interface Look {
  readonly words: string;
  readonly box: string;
  /** Shapes differ, so that the cells read without colour. */
  readonly icon?: LucideIcon;
  readonly half?: true;
}

const looks: Readonly<Record<Letter, Look>> = {
  r: { words: "reachable", box: "bg-ok-line text-white dark:text-[#06140d]", icon: Check },
  s: { words: "reachable on some ports", box: "border border-ok-line text-ok", half: true },
  d: { words: "depends", box: "bg-partial-soft text-partial border border-partial-line", icon: Split },
  u: {
    words: "unknown",
    box: "bg-unknown-soft text-unknown border border-dashed border-line-strong",
    icon: CircleHelp,
  },
  b: { words: "blocked", box: "text-ink-3" },
};

export const letters: readonly Letter[] = ["r", "s", "d", "u", "b"];

export function letterOf(text: string | undefined): Letter {
  return letters.find((letter) => letter === text) ?? "u";
}

export function letterWords(letter: Letter): string {
  return looks[letter].words;
}

/** What a trace between two workloads says, as a mark. */
export function CellMark({ letter }: { readonly letter: Letter }) {
  const { box, icon: Icon, half } = looks[letter];
  return (
    <span
      className={`relative flex size-[18px] items-center justify-center overflow-hidden rounded-[5px] ${box}`}
    >
      {half === true ? <span className="absolute inset-y-0 left-0 w-1/2 bg-ok-line" /> : null}
      {Icon === undefined ? (
        letter === "b" ? (
          <span className="size-1 rounded-full bg-line-strong" />
        ) : null
      ) : (
        <Icon aria-hidden className="size-3" strokeWidth={3} />
      )}
    </span>
  );
}

/** What the marks mean. */
export function CellLegend() {
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[11.5px] text-ink-2">
      {letters.map((letter) => (
        <li key={letter} className="inline-flex items-center gap-1.5">
          <CellMark letter={letter} />
          {letterWords(letter)}
        </li>
      ))}
    </ul>
  );
}
