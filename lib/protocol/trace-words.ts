/** What a trace says, as sentences with a capital and a full stop; names stay as they are written. */
import { capital } from "#lib/model/capital.ts";
import type { TraceView } from "./trace.ts";

export function traceSentence({ sentence, from }: Pick<TraceView, "sentence" | "from">): string {
  const isName = sentence.startsWith(from.name) && !sentence.startsWith("the ");
  return isName ? `${sentence}.` : `${capital(sentence)}.`;
}

/** "Blocked: checkout → ledger". */
export function traceTitle({ verdict, from, to }: Pick<TraceView, "verdict" | "from" | "to">): string {
  return `${capital(verdict)}: ${from.name} → ${to.name}`;
}
