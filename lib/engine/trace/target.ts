import type { Node, Pod } from "#lib/model/objects.ts";
import type { QuestionProblem, TraceEnd } from "#lib/model/trace.ts";
import type { Facts, ServiceFacts } from "../facts.ts";
import { counted, listed } from "../object-words.ts";
import type { HttpRequest } from "../routing/http-way.ts";
import { serviceAt } from "../routing/proxies.ts";
import { insiders, internetBlocks, isLoopback } from "./outside.ts";
import type { Family } from "./party.ts";
import type { PodPortChoice } from "./port-choice.ts";
import type { EndRef } from "./question.ts";
import { type Absent, plainEnd, resolveObject } from "./resolve-end.ts";

/** What packets are asked to reach. */
export type Target = { readonly end: TraceEnd; readonly remarks: readonly string[] } & (
  | { readonly kind: "service"; readonly service: ServiceFacts; readonly address?: string | undefined }
  | {
      readonly kind: "pods";
      readonly pods: readonly Pod[];
      readonly absent?: Absent | undefined;
      /** Of the address by which it was asked for. */
      readonly family?: Family | undefined;
    }
  | { readonly kind: "node"; readonly node: Node; readonly family?: Family | undefined }
  /** `pods`, `nodes`: what of the cluster has an address among them; `ports`: what to ask them on, where it is settled. */
  | {
      readonly kind: "addresses";
      readonly blocks: readonly string[];
      readonly ports?: readonly PodPortChoice[] | undefined;
      readonly isInternet: boolean;
      /** Undefined: of both. */
      readonly family?: Family | undefined;
      readonly pods: readonly Pod[];
      readonly nodes: readonly Node[];
    }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "url"; readonly request: HttpRequest }
);

export function targetOf(
  facts: Facts,
  ref: EndRef,
  port?: number | string,
):
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "problem"; readonly problem: QuestionProblem } {
  const is = (target: Target) => ({ kind: "target", target }) as const;
  switch (ref.kind) {
    case "internet":
      return is({
        end: plainEnd(ref),
        remarks: [],
        kind: "addresses",
        blocks: internetBlocks(),
        isInternet: true,
        pods: [],
        nodes: [],
      });
    case "name":
      return is({ end: plainEnd(ref), remarks: [], kind: "name", name: ref.name });
    case "url":
      return is({ end: plainEnd(ref), remarks: [], kind: "url", request: ref.request });
    case "addresses":
      if (isLoopback(ref.block)) {
        const sentence = `${ref.text} is the sender itself, and no packet to it goes anywhere; name the pod`;
        return { kind: "problem", problem: { field: "to", sentence, nearest: [] } };
      }
      return is(addressTarget(facts, ref, port));
    case "object": {
      const resolved = resolveObject(facts, "to", ref.ref);
      if (resolved.kind === "problem") return resolved;
      const { found, end } = resolved;
      switch (found.kind) {
        case "service":
          return is({ end, remarks: [], kind: "service", service: found.service });
        case "node":
          return is({ end, remarks: [], kind: "node", node: found.node });
        case "pods":
          return is({ end, remarks: [], ...found });
      }
    }
  }
}

/** What of the cluster has addresses in a block that was asked for. */
export function insideRemark(block: string, pods: number, nodes: number): readonly string[] {
  const parts = [
    ...(pods === 0 ? [] : [counted(pods, "pod")]),
    ...(nodes === 0 ? [] : [counted(nodes, "node")]),
  ];
  if (parts.length === 0) return [];
  const verb = pods + nodes === 1 ? "has an address" : "have addresses";
  const they = pods + nodes === 1 ? "it is asked as what it is" : "they are asked as what they are";
  return [`${listed(parts)} of this cluster ${verb} in ${block}; ${they}`];
}

/** An address of the cluster is asked as what has it. */
function addressTarget(
  facts: Facts,
  ref: Extract<EndRef, { kind: "addresses" }>,
  port: number | string | undefined,
): Target {
  const end = plainEnd(ref);
  const { block, text } = ref;
  if (block.start === block.end) {
    const service = serviceAt(facts, text.split("/")[0] ?? text, port);
    if (service !== undefined) {
      const { namespace, name } = service.service;
      return {
        end: { ...end, object: service.service.id },
        remarks: [`${text} is an address of Service ${namespace}/${name}, and asked as that`],
        kind: "service",
        service,
        address: text.split("/")[0],
      };
    }
  }
  const { pods, nodes } = insiders(facts, block);
  const [pod] = pods;
  const [node] = nodes;
  if (block.start === block.end) {
    if (pod !== undefined) {
      const remarks = [`${text} is the address of ${pod.namespace}/${pod.name}, and asked as that`];
      return { end: { ...end, object: pod.id }, remarks, kind: "pods", pods: [pod], family: block.family };
    }
    if (node !== undefined)
      return {
        end: { ...end, object: node.id },
        remarks: [`${text} is node ${node.name}`],
        kind: "node",
        node,
        family: block.family,
      };
  }
  const remarks = insideRemark(text, pods.length, nodes.length);
  return {
    end,
    remarks,
    kind: "addresses",
    blocks: [text],
    isInternet: false,
    family: block.family,
    pods,
    nodes,
  };
}
