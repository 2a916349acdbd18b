import type { Facts } from "#lib/engine/facts.ts";
import { requestsBy } from "#lib/engine/routing/http-ways-to.ts";
import { sourceText, targetText } from "#lib/model/end-text.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { TraceQuestionView } from "#lib/protocol/panel.ts";

const mostRequests = 12;

/** What can be asked about an object: from it, to it; of a way in, the requests that it takes. */
export function traceQuestions(facts: Facts, id: ObjectId): TraceQuestionView[] {
  const { kind } = refOf(id);
  const from = sourceText(id);
  const to = targetText(id);
  const requests = new Set(
    requestsBy(facts, id).map(
      ({ scheme, host, port, path }) =>
        `${scheme}://${host}${isDefault(scheme, port) ? "" : `:${port}`}${path}`,
    ),
  );
  return [
    ...(to === undefined ? [] : [{ words: kind === "service" ? "Trace to it" : "Trace to here", to }]),
    ...(from === undefined ? [] : [{ words: "Trace from here", from }]),
    ...[...requests]
      .slice(0, mostRequests)
      .map((url) => ({ words: `Trace ${url}`, from: "internet", to: url })),
  ];
}

function isDefault(scheme: string, port: number): boolean {
  return port === (scheme.endsWith("s") ? 443 : 80);
}
