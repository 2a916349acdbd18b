import { counted } from "#lib/engine/object-words.ts";
import type { GraphNode } from "#lib/model/graph.ts";
import { countHealth, type HealthCounts } from "./health.ts";

/** "+ 6 healthy Services", "+ 46 workloads, 40 broken, 2 idle", "+ 3 idle workloads". */
export function laneFoldName(lane: GraphNode["lane"], nodes: readonly GraphNode[]): string {
  const health = countHealth(nodes.map((node) => node.health));
  const things = thingsOf(lane, nodes);
  if (health.ok === nodes.length) return `+ ${nodes.length} healthy ${things}`;
  if (health.idle === nodes.length && lane !== "outside") return `+ ${nodes.length} idle ${things}`;
  const idle = health.idle > 0 && lane !== "outside" ? [`${health.idle} idle`] : [];
  return [`+ ${nodes.length} ${things}`, ...troubleWords(health), ...idle].join(", ");
}

/** What a namespace is told by: the first of these that it has. */
const told = [
  ["service", "Service"],
  ["workload", "workload"],
  ["pod", "pod"],
  ["route", "route"],
  ["entry", "entry point"],
] as const;

/** "all 7 Services healthy", "12 Services, 3 broken": a whole namespace in a line. */
export function namespaceLine(nodes: readonly GraphNode[]): string {
  const trouble = troubleWords(countHealth(nodes.map((node) => node.health)));
  for (const [lane, one] of told) {
    const count = nodes.filter((node) => node.lane === lane && node.health !== "idle").length;
    if (count === 0) continue;
    if (trouble.length > 0) return [counted(count, one), ...trouble].join(", ");
    return count === 1 ? `its ${one} is healthy` : `all ${count} ${one}s healthy`;
  }
  return trouble.length > 0 ? trouble.join(", ") : `nothing running, ${counted(nodes.length, "object")}`;
}

/** "all healthy", "11 broken in 9 namespaces, 2 partly working": several namespaces in a line, by their counts. */
export function familyWords(namespaces: readonly HealthCounts[]): string {
  const words = (["broken", "partial", "unknown"] as const).flatMap((health) => {
    const where = namespaces.filter((counts) => counts[health] > 0);
    const count = where.reduce((sum, counts) => sum + counts[health], 0);
    if (count === 0) return [];
    return [{ text: `${count} ${troubleWord[health]}`, where: where.length }];
  });
  const [first, ...rest] = words;
  if (first === undefined) return "all healthy";
  return [`${first.text} in ${counted(first.where, "namespace")}`, ...rest.map(({ text }) => text)].join(
    ", ",
  );
}

const troubleWord = { broken: "broken", partial: "partly working", unknown: "not known" } as const;

function troubleWords(health: HealthCounts): readonly string[] {
  const words: string[] = [];
  if (health.broken > 0) words.push(`${health.broken} broken`);
  if (health.partial > 0) words.push(`${health.partial} partly working`);
  if (health.unknown > 0) words.push(`${health.unknown} not known`);
  return words;
}

function thingsOf(lane: GraphNode["lane"], nodes: readonly GraphNode[]): string {
  switch (lane) {
    case "internet":
      return "networks";
    case "entry": {
      const kind = nodes.every((node) => node.kind === nodes[0]?.kind) ? nodes[0]?.kind : undefined;
      return kind === "ingress" ? "Ingresses" : kind === "gateway" ? "Gateways" : "entries";
    }
    case "route":
      return "routes";
    case "service":
      return "Services";
    case "workload":
      return "workloads";
    case "pod":
      return "pods";
    case "outside":
      return "addresses";
  }
}
