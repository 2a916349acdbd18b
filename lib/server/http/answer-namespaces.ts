import { keptFor } from "#lib/engine/kept-for.ts";
import { healthIn, nodesByNamespace } from "#lib/graph/namespace-nodes.ts";
import type { GraphNode } from "#lib/model/graph.ts";
import type { NamespacesAnswer } from "#lib/protocol/answers.ts";
import type { Answers } from "../session/answers.ts";
import { withAnswers } from "./with-answers.ts";

/**
 * Every namespace with what is broken in it. An answer of its own: there are thousands in a large cluster, and each change
 * of a pod is one of this.
 */
export function answerNamespaces(request: Request, id: string): Promise<Response> {
  return withAnswers(request, id, ({ answers }) => Response.json(namespacesAnswer(answers)));
}

function namespacesAnswer({ facts, graph }: Answers): NamespacesAnswer {
  const { byNamespace } = nodesByNamespace(graph);
  return {
    namespaces: facts.index.namespaceNames.map((name) => {
      const nodes = byNamespace.get(name);
      return nodes === undefined ? { name, broken: 0, partial: 0 } : healthOfNamespace(nodes);
    }),
  };
}

/** Of the nodes of one namespace: from one answer to the next most are the same list. */
const healthOfNamespace = keptFor((nodes: readonly GraphNode[]) => {
  const { broken, partial } = healthIn(nodes);
  return { name: nodes[0]?.namespace ?? "", broken, partial };
});
