/** For tests only: who may reach an end, or what it may reach, as lines that fit into a table. */
import { type MatrixEnd, matrixEnds } from "#lib/engine/reachability/matrix-ends.ts";
import { reach } from "#lib/engine/reachability/reach.ts";
import { type ReachSubjectResult, reachSubject } from "#lib/engine/reachability/reach-subject.ts";
import { type WorkloadMatrix, workloadMatrix } from "#lib/engine/reachability/workload-matrix.ts";
import { parseEnd } from "#lib/engine/trace/question.ts";
import type { World } from "#lib/engine/trace/world.ts";
import type { Reach, ReachDirection, ReachGroup } from "#lib/model/reach.ts";

/** "to shop/service/web", "from shop/deployment/web". */
export function askReach(world: World, text: string): ReachSubjectResult {
  const { direction, end } = taken(text);
  const parsed = parseEnd(direction, end);
  if (parsed.kind === "problem") return parsed;
  return reachSubject(world, parsed.value.end, direction);
}

export function reachOf(world: World, text: string): Reach {
  const asked = askReach(world, text);
  if (asked.kind === "problem") throw new Error(`${text}: ${asked.problem.sentence}`);
  const { direction } = taken(text);
  return finished(reach(world, endsOf(world), asked.subject, direction));
}

export function matrixOf(world: World): WorkloadMatrix {
  return finished(workloadMatrix(world, endsOf(world)));
}

export function endsOf(world: World): readonly MatrixEnd[] {
  return [...matrixEnds(world)];
}

/** What a generator comes to in the end. */
export function finished<T>(steps: Generator<undefined, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/**
 * A line a group of workloads: "reachable shop: deployment/web, cart-0; admitted by …", "some-ports [80] lab: …"; then of
 * addresses, "outside blocked 10.0.0.0/8; …".
 */
export function groupsTold({ namespaces, outside }: Reach): readonly string[] {
  return [
    ...namespaces.flatMap(({ namespace, groups }) => groups.map((group) => groupTold(namespace, group))),
    ...outside.map((group) => groupTold("outside", group)),
  ];
}

function groupTold(where: string, { verdict, ports, ends, why }: ReachGroup): string {
  const on = ports === undefined ? "" : ` [${ports}]`;
  return `${verdict}${on} ${where}: ${ends.map(({ name }) => name).join(", ")}; ${why}`;
}

/** The workloads of each verdict: "shop/cart-0"; a verdict that none has is left out. */
export function verdictsTold({ namespaces }: Reach): Readonly<Record<string, readonly string[]>> {
  const told: Record<string, string[]> = {};
  for (const { namespace, groups } of namespaces) {
    for (const { verdict, ends } of groups) {
      const list = told[verdict] ?? [];
      told[verdict] = list;
      list.push(...ends.map(({ name }) => `${namespace}/${name}`));
    }
  }
  return Object.fromEntries(Object.entries(told).map(([verdict, ends]) => [verdict, ends.sort()]));
}

function taken(text: string): { readonly direction: ReachDirection; readonly end: string } {
  const [direction, end = ""] = text.split(" ");
  if (direction !== "to" && direction !== "from") throw new Error(`neither to nor from: ${text}`);
  return { direction, end };
}
