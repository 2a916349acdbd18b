import { placesIn } from "#lib/graph/search-entries.ts";
import { kindFromWord } from "#lib/model/kinds.ts";
import type { SearchAnswer } from "#lib/protocol/answers.ts";
import { problemResponse } from "./problem-response.ts";
import { recentSearch } from "./recent-search.ts";
import { withAnswers } from "./with-answers.ts";

export function answerSearch(request: Request, id: string): Promise<Response> {
  const { searchParams, pathname } = new URL(request.url);
  const query = (searchParams.get("q") ?? "").slice(0, 200);
  const kinds = kindsOf(searchParams.get("kind"));
  const limit = Number(searchParams.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return Promise.resolve(
      problemResponse({
        type: "malformed-query",
        title: "The limit is not understood",
        status: 400,
        detail: "limit is a whole number from 1 to 100.",
        instance: pathname,
      }),
    );
  }
  return withAnswers(request, id, async ({ answers, lineage }) => {
    const search = await recentSearch(answers, lineage);
    const places = placesIn(answers.facts, answers.graph);
    // One more than asked for tells whether there are more.
    const found = search(query, limit + 1, places, kinds);
    const answer: SearchAnswer = {
      query,
      hits: found.slice(0, limit).map(({ id, node, kind, namespace, name, why, health }) => ({
        id,
        node,
        kind,
        namespace,
        name,
        why,
        health,
      })),
      more: found.length > limit,
    };
    return Response.json(answer);
  });
}

/** In any spelling; what is no kind matches nothing. */
function kindsOf(text: string | null): ReadonlySet<string> | undefined {
  if (text === null || text === "") return undefined;
  return new Set(text.split(",").map((word) => kindFromWord(word) ?? word));
}
