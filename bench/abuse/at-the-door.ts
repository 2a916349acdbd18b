/** What was dropped, read and answered about in this process: the same handlers as the server's, without its HTTP. */
import { buffer } from "node:stream/consumers";
import { answerFindings } from "#lib/server/http/answer-findings.ts";
import { answerGraph } from "#lib/server/http/answer-graph.ts";
import { answerMatrix } from "#lib/server/http/answer-matrix.ts";
import { answerObject } from "#lib/server/http/answer-object.ts";
import { answerTrace } from "#lib/server/http/answer-trace.ts";
import { takeUpload } from "#lib/server/http/take-upload.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import type { Chance } from "../cluster/chance.ts";
import type { Archive } from "./archives.ts";

export interface Step {
  readonly what: string;
  readonly status: number;
  /** Of this process's own work, whatever else the machine does. */
  readonly ms: number;
  readonly text: string;
}

/** Call before the first; what is dropped pushes out what was dropped before, as in the server. */
export function openTheDoor(): void {
  serveSources(
    sourceOf("files", {
      kind: "snapshot",
      snapshot: snapshotFromYaml("kind: Namespace\nmetadata: {name: a}\n"),
    }),
  );
}

/** Each question that was asked, in its order. */
export async function drop(chance: Chance, { name, bytes }: Archive): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const step = async (what: string, ask: () => Promise<Response>): Promise<string> => {
    const before = process.cpuUsage();
    const response = await ask();
    const text = (await buffer(response.body ?? new Blob([]).stream())).toString();
    const { user, system } = process.cpuUsage(before);
    steps.push({ what, status: response.status, ms: (user + system) / 1_000, text });
    return text;
  };
  const at = "http://localhost/api/v1/clusters";
  const body = Uint8Array.from(bytes);
  const added = await step("upload", () =>
    takeUpload(new Request(`${at}?name=${encodeURIComponent(name)}`, { method: "POST", body })),
  );
  const id = /"id":"([^"]+)"/.exec(added)?.[1];
  if (id === undefined || steps.at(-1)?.status !== 201) return steps;
  const get = (path: string) => new Request(`${at}/${encodeURIComponent(id)}${path}`);
  const graph = await step("graph", () => answerGraph(get("/graph"), id));
  await step("findings", () => answerFindings(get("/findings"), id));
  const objects = [...graph.matchAll(/"id":"([a-z-]+)\/([^"/]*)\/([^"/]+)"/g)].map(
    ([, kind = "", namespace = "", object = ""]) => ({
      kind,
      namespace,
      object,
    }),
  );
  const any = () => objects[chance.below(objects.length)];
  const [one, other] = [any(), any()];
  if (one === undefined || other === undefined) return steps;
  await step(`object ${one.kind}/${one.namespace}/${one.object}`, () =>
    answerObject(get("/objects/x/y/z"), id, one.kind, one.namespace === "" ? "-" : one.namespace, one.object),
  );
  const end = ({ kind, namespace, object }: typeof one) =>
    encodeURIComponent(`${namespace}/${kind}/${object}`);
  const question = `/trace?from=${end(one)}&to=${end(other)}&port=80`;
  await step(question, () => answerTrace(get(question), id));
  await step("matrix", () => answerMatrix(get("/reachability?by=namespace"), id));
  return steps;
}
