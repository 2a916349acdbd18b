import type { Enforcement, Hop, Trace } from "#lib/model/trace.ts";
import { fixLines, type Look, labelled, marked } from "./marked-lines.ts";
import { signs } from "./output.ts";
import { shownInLine } from "./shown.ts";
import { wrap } from "./wrap.ts";

/** An answer for a terminal: the verdict in one sentence, the hops in the packet's order, and what is worth knowing. */
export function traceLines(trace: Trace, look: Look): readonly string[] {
  const { from, to, verdict, sentence, hops, sides, remarks, doubts } = trace;
  const { paint } = look;
  const { sign, tone } = signs[verdict];
  const port = portInWords(trace);
  return [
    paint(tone, wrap(`${sign} ${shownInLine(sentence)}`, look.width, "  ")),
    ...sides.map(({ who, verdict, why }) =>
      marked("    ", verdict, [who, why].filter((part) => part !== "").join(": "), look),
    ),
    ...doubts.slice(1).map((doubt) => labelled("    ", "also not known", doubt.sentence, look)),
    "",
    paint("faint", wrap(shownInLine(`  ${from.words} → ${to.words}, ${port}`), look.width, "    ")),
    "",
    ...hops.flatMap((hop, i) => hopLines(hop, hops.slice(0, i), look)),
    "",
    ...remarks.map((remark) => labelled("  ", "note", remark, look)),
    enforcementLine(trace.enforcement, look),
  ];
}

/** "8080/TCP", "http 8080/TCP" for a port asked by name, "any port/TCP" where none could be chosen. */
export function portInWords({ port, portName, protocol }: Trace): string {
  const number = port === undefined ? undefined : `${port}`;
  const words = [portName, number].filter((part) => part !== undefined);
  return `${words.length === 0 ? "any port" : words.join(" ")}/${protocol}`;
}

function hopLines(hop: Hop, earlier: readonly Hop[], look: Look): readonly string[] {
  const { paint } = look;
  const before = earlier.at(-1);
  const [only, ...more] = hop.sides;
  const isOne = more.length === 0 && (only === undefined || only.who === "");
  const lines = isOne
    ? [marked("  ", hop.outcome, hop.sentence, look, hop.title)]
    : [
        marked("  ", hop.outcome, "", look, hop.title),
        ...hop.sides.map(({ who, outcome, sentence }) =>
          marked("      ", outcome, who === "" ? sentence : `${who}: ${sentence}`, look),
        ),
      ];
  const told = (label: string, text: string | undefined) =>
    text === undefined ? [] : [labelled("      ", label, text, look)];
  const said = [...earlier, hop]
    .flatMap(({ sentence, sides }) => [sentence, ...sides.map((side) => side.sentence)])
    .join("\n");
  const unsaid = hop.doubts.filter(({ sentence }) => !said.includes(sentence));
  return [
    ...legLine(hop, before, look),
    ...lines,
    ...unsaid.flatMap(({ sentence }) => told("not known", sentence)),
    ...told("nearly", hop.nearMiss),
    ...(hop.fix === undefined ? [] : fixLines(hop.fix, "      ", look)),
    ...hop.remarks.flatMap((remark) => told("note", remark)),
    // Service and endpoints are seen with the same line, which needs no second time.
    ...(hop.kubectl === undefined || hop.kubectl === before?.kubectl
      ? []
      : [paint("faint", `      see: ${shownInLine(hop.kubectl)}`)]),
  ];
}

/** Where there is a proxy between, what is on the way to it stands apart from what is behind it. */
function legLine({ leg }: Hop, before: Hop | undefined, { paint }: Look): readonly string[] {
  if (leg === undefined || leg === before?.leg) return [];
  return [paint("faint", leg === "entry" ? "  on the way in" : "  from there on")];
}

const states = {
  enforced: "pass",
  partly: "partial",
  "none-found": "block",
  unknown: "unknown",
} as const satisfies Record<Enforcement["state"], Hop["outcome"]>;

function enforcementLine({ state, sentence }: Enforcement, look: Look): string {
  return marked("  ", states[state], sentence, look, "Enforcement");
}
