import { hiddenWords } from "#lib/engine/hidden.ts";
import { type ObjectRef, objectId } from "#lib/model/ids.ts";
import { kindFromWord, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ObjectAnswer, PanelAnswer, ServiceAnswer } from "#lib/protocol/answers.ts";
import type { FactView } from "#lib/protocol/panel.ts";
import { objectPanel } from "../panels/object-panel.ts";
import { servicePanel } from "../panels/service-panel.ts";
import { objectNotFound } from "./object-not-found.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

export function answerService(request: Request, id: string, ref: ObjectRef): Promise<Response> {
  return withAnswers(request, id, (asked) => respond(request, asked, ref));
}

/** `kind` in any spelling; namespace `-` for cluster-scoped kinds. A Service answers here too, with its own panel. */
export function answerObject(
  request: Request,
  id: string,
  word: string,
  namespace: string,
  name: string,
): Promise<Response> {
  const kind = kindFromWord(word);
  if (kind === undefined) {
    return Promise.resolve(
      problemResponse({
        type: "kind-unknown",
        title: `Throughline reads no kind called ${word.slice(0, 60)}`,
        status: 400,
        detail: `Kinds are: ${Object.keys(kinds).join(", ")}.`,
        instance: new URL(request.url).pathname,
      }),
    );
  }
  const ref = kinds[kind].namespaced ? { kind, namespace, name } : { kind, name };
  return withAnswers(request, id, (asked) => respond(request, asked, ref));
}

function respond(request: Request, asked: Asked, ref: ObjectRef): Response {
  const answer = panelAnswer(asked, ref);
  if (answer !== undefined) return Response.json(answer);
  const { type, ...problem } = objectNotFound(asked.answers, ref);
  return problemResponse({
    ...problem,
    type: type.replace("/problems/", ""),
    instance: new URL(request.url).pathname,
  });
}

/** The panel of an object; undefined when there is no such object. */
export function panelAnswer(
  { answers, asOf }: Pick<Asked, "answers" | "asOf">,
  ref: ObjectRef,
): PanelAnswer | undefined {
  const { facts, findings } = answers;
  const id = objectId(ref.kind, ref.namespace, ref.name);
  const hidden = hiddenFacts(answers, ref);
  if (ref.kind === "service") {
    const panel = servicePanel(facts, findings, id);
    return panel === undefined
      ? undefined
      : ({
          kind: "service",
          panel: { ...panel, facts: [...hidden, ...panel.facts] },
          checkedAt: asOf,
        } satisfies ServiceAnswer);
  }
  const panel = objectPanel(facts, findings, id);
  return panel === undefined
    ? undefined
    : ({
        kind: "object",
        panel: { ...panel, facts: [...hidden, ...panel.facts] },
        checkedAt: asOf,
      } satisfies ObjectAnswer);
}

/** What panels are made of, beside the object itself. */
const besides: readonly PluralKind[] = [
  "pods",
  "services",
  "endpointSlices",
  "networkPolicies",
  "ingresses",
  "httpRoutes",
];

/** That a part of the panel is missing because whoever looks may not see it, and what to ask for. */
function hiddenFacts({ snapshot }: Asked["answers"], { namespace }: ObjectRef): readonly FactView[] {
  const words = hiddenWords(snapshot, besides, namespace === undefined ? [] : [namespace]);
  return words === undefined
    ? []
    : [{ label: "hidden", value: words.replace(/^hidden: /, ""), tone: "partial" }];
}
