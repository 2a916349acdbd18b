import { capital } from "#lib/model/capital.ts";
import type { HopView, TraceView } from "#lib/protocol/trace.ts";

const signs: Readonly<Record<HopView["outcome"] | TraceView["verdict"], string>> = {
  pass: "✅",
  reachable: "✅",
  partial: "🟡",
  depends: "🟡",
  block: "❌",
  blocked: "❌",
  unknown: "❔",
  skipped: "➖",
};

/** A trace for a ticket or a chat: the verdict, the hops, what stops it with its evidence and fix, and the link. */
export function traceMarkdown(
  trace: TraceView,
  { link, checked }: { link: string; checked: string },
): string {
  const { from, to, verdict, sentence, protocol, port, sides, hops, enforcement, remarks } = trace;
  return [
    `### ${signs[verdict]} ${escaped(capital(verdict))}: ${escaped(sentence)}`,
    `\`${from.text}\` → \`${to.text}\`${port === undefined ? "" : `, port ${port}`}/${protocol} · [open in Throughline](${link})`,
    ...(sides.length === 0
      ? []
      : [
          sides
            .map(
              ({ who, verdict: side, why }) =>
                `- ${signs[side]} ${escaped(who === "" ? side : `${who}: ${side}`)}${why === "" ? "" : `, ${escaped(why)}`}`,
            )
            .join("\n"),
        ]),
    hops.map((hop, i) => hopLines(hop, i + 1)).join("\n"),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `> ${escaped(remark)}`).join("\n>\n")]),
    `_As configured · ${escaped(checked)} · ${escaped(enforcement.sentence)}._`,
    "",
  ].join("\n\n");
}

function hopLines(hop: HopView, number: number): string {
  const { outcome, title, sides, sentence, nearMiss, fix, kubectl } = hop;
  const told =
    sides.length > 1
      ? sides.map((side) => `   - ${signs[side.outcome]} ${escaped(`${side.who}: ${side.sentence}`)}`)
      : [];
  const head = `${number}. ${signs[outcome]} **${escaped(title)}**${told.length > 0 ? "" : `: ${escaped(sentence)}`}`;
  if (outcome !== "block" && outcome !== "partial") return [head, ...told].join("\n");
  return [
    head,
    ...told,
    ...(nearMiss === undefined ? [] : [`   - nearly: ${escaped(nearMiss)}`]),
    ...(fix === undefined ? [] : [`   - fix: ${escaped(fix.text)}`]),
    ...(fix?.command === undefined ? [] : ["", ...fenced(fix.command)]),
    ...(fix?.manifest === undefined ? [] : ["", ...fenced(fix.manifest)]),
    ...(kubectl === undefined ? [] : ["", ...fenced(kubectl)]),
  ].join("\n");
}

/** Names and messages come from the cluster: what Markdown would take for its own is taken literally. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, "\\$&");
}

function fenced(code: string): readonly string[] {
  const fence = "`".repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [fence, ...code.trimEnd().split("\n"), fence].map((line) => `   ${line}`);
}
