import type { AnswerName, Params } from "./answers.ts";
import type { ClustersThread } from "./clusters-thread.ts";

const key: unique symbol = Symbol.for("throughline.clusters-thread");
const holder: typeof globalThis & { [key]?: Pick<ClustersThread, "ask"> | undefined } = globalThis;

const noParams: Params = { id: "", kind: "", namespace: "", name: "" };

/** From now on clusters are asked on this thread. On `globalThis`: who starts it and who asks are bundled apart. */
export function askOn(thread: Pick<ClustersThread, "ask"> | undefined): void {
  holder[key] = thread;
}

/**
 * What clusters answer to a request. They live on a thread of their own where one was started; while developing, and in
 * tests, on this one, whose modules are loaded only then.
 */
export async function askClusters(
  name: AnswerName,
  request: Request,
  params: Partial<Params> = {},
): Promise<Response> {
  const thread = holder[key];
  const whole = { ...noParams, ...params };
  if (thread !== undefined) return thread.ask(name, request, whole);
  const { answer } = await import("./answers.ts");
  return answer(name, request, whole);
}
