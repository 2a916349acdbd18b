import type { Facts } from "#lib/engine/facts.ts";
import { hiddenWords } from "#lib/engine/hidden.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import { nearestIds } from "#lib/graph/nearest-ids.ts";
import { type ObjectRef, objectId, parseObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Problem } from "#lib/protocol/problem.ts";
import type { Answers } from "../session/answers.ts";

/**
 * What to say of an object that a link or an Ingress names and that is not there: the nearest names, and who names
 * it. Where its kind was not read (or not in full), that it is not there is not known.
 */
export function objectNotFound({ facts, graph, snapshot }: Answers, ref: ObjectRef): Problem {
  const id = objectId(ref.kind, ref.namespace, ref.name);
  const { api, plural } = kinds[ref.kind];
  const why = snapshot.unread[plural];
  const unread = why?.reason === "not-served" ? undefined : why;
  const where = ref.namespace === undefined ? "" : ` in namespace ${ref.namespace}`;
  const common = {
    status: 404,
    // What is no id that could be (a name with a slash in it) is near to nothing.
    nearest: parseObjectId(id) === undefined ? [] : [...nearestIds(facts, id, 5)],
    referredBy: [
      ...new Set(graph.edges.filter((edge) => edge.target === id).map((edge) => edge.because.object)),
    ],
  };
  if (unread !== undefined) {
    const hidden = hiddenWords(snapshot, [plural], ref.namespace === undefined ? [] : [ref.namespace]);
    return {
      ...common,
      type: "/problems/kind-not-read",
      title: `Whether ${api} ${ref.name} exists${where} is not known`,
      detail: hidden ?? `${api} could not be read, or not in full: ${unread.message}`,
      remedy: unread.remedy,
    };
  }
  return {
    ...common,
    type: "/problems/object-not-found",
    title: `There is no ${api} ${ref.name}${where}`,
    detail: why?.message ?? missing(ref, facts),
  };
}

function missing({ namespace }: ObjectRef, { index, snapshot }: Facts): string {
  const noNamespace =
    namespace !== undefined &&
    readInFull(snapshot, "namespaces") &&
    !index.namespaceNames.includes(namespace);
  return noNamespace
    ? `There is no namespace ${namespace} either.`
    : "It was deleted, renamed, or never there.";
}
