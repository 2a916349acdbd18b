import { nearestIds } from "#lib/graph/nearest-ids.ts";
import { type ObjectRef, objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Problem } from "#lib/protocol/problem.ts";
import type { Answers } from "../session/answers.ts";

/** What to say of an object that a link or an Ingress names and that is not there: the nearest names, and who names it. */
export function objectNotFound({ facts, graph, snapshot }: Answers, ref: ObjectRef): Problem {
  const id = objectId(ref.kind, ref.namespace, ref.name);
  const { api, plural } = kinds[ref.kind];
  const unread = snapshot.unread[plural];
  const where = ref.namespace === undefined ? "" : ` in namespace ${ref.namespace}`;
  const noNamespace = ref.namespace !== undefined && !facts.index.namespaces.has(ref.namespace);
  return {
    type: unread === undefined ? "/problems/object-not-found" : "/problems/kind-not-read",
    title:
      unread === undefined
        ? `There is no ${api} ${ref.name}${where}`
        : `Whether ${api} ${ref.name} exists is not known`,
    status: 404,
    detail:
      unread !== undefined
        ? `${plural} could not be read: ${unread.message}`
        : noNamespace
          ? `There is no namespace ${ref.namespace} either.`
          : "It was deleted, renamed, or never there.",
    remedy: unread?.remedy,
    nearest: [...nearestIds(facts, id, 5)],
    referredBy: [
      ...new Set(graph.edges.filter((edge) => edge.target === id).map((edge) => edge.because.object)),
    ],
  };
}
