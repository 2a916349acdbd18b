/**
 * One cluster's session by itself, in a process of its own: `node bench/live-process.ts KUBECONFIG`. Prints its address
 * as JSON and answers `/healthz` at once, `/stats` with what it stands at, `/has?pod=ID` once the answers hold that pod,
 * and `/rest` after a garbage collection, for what it keeps.
 */
import http from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { objectId, parseObjectId } from "#lib/model/ids.ts";
import { systemClock } from "#lib/server/clock.ts";
import { createLog } from "#lib/server/log.ts";
import { engine } from "#lib/server/session/answers.ts";
import { Session, sessionTimes } from "#lib/server/session/session.ts";
import { kubeSource } from "#lib/server/sources/kube/kube-source.ts";
import { listKubeContexts } from "#lib/server/sources/kube/list-kube-contexts.ts";
import { wait } from "#lib/server/wait.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

const [kubeconfig = ""] = process.argv.slice(2);
const env = { ...process.env, KUBECONFIG: kubeconfig };
const listed = listKubeContexts(env);
if (listed.kind === "none") throw new Error(listed.failure.title);
const [context] = listed.contexts;
if (context === undefined) throw new Error("the kubeconfig has no context");
const session = new Session(kubeSource(context, { env }), engine, {
  ...sessionTimes,
  clock: systemClock,
  wait,
  log: createLog(),
});

const startMs = performance.now();
let firstMs: number | undefined;
let answers = 0;
session.follow(() => {
  const found = session.current().answers;
  if (found === undefined) return;
  firstMs ??= performance.now() - startMs;
  answers = found.version;
});
void session.answers(0);

function stats() {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { firstMs, answers, rssMb: rss / 1e6, heapMb: heapUsed / 1e6, cpuMs: (user + system) / 1000 };
}

/** Resolves when the answers hold a pod. */
function has(text: string): Promise<void> {
  const ref = parseObjectId(text);
  if (ref === undefined) throw new RangeError(`${text} is no id`);
  const pod = objectId(ref.kind, ref.namespace, ref.name);
  const holds = () => session.current().answers?.facts.index.byId.has(pod) === true;
  if (holds()) return Promise.resolve();
  return new Promise((resolve) => {
    const leave = session.follow(() => {
      if (!holds()) return;
      leave();
      resolve();
    });
  });
}

const server = http.createServer(async (req, res) => {
  const url = new URL(req.url ?? "/", "http://live");
  if (url.pathname === "/has") await has(url.searchParams.get("pod") ?? "");
  if (url.pathname === "/rest" && typeof collectGarbage === "function") collectGarbage();
  res.end(url.pathname === "/healthz" ? "ok" : JSON.stringify(stats()));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(JSON.stringify({ url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}` }));
});
