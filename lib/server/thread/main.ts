/** What runs on the clusters' thread: it takes what they are asked, and answers. */
import { parentPort, type Transferable, workerData } from "node:worker_threads";
import { afterCollections } from "../compact-memory.ts";
import { consoleToLog } from "../console-to-log.ts";
import { ending } from "../ending/ending.ts";
import { runInRequest } from "../gate/in-request.ts";
import { passWith } from "../gate/passed.ts";
import { bugResponse } from "../http/with-answers.ts";
import { createLog, faultOf } from "../log.ts";
import { readSettings } from "../settings.ts";
import { answer } from "./answers.ts";
import { type Ask, type FromClusters, type ThreadData, type ToClusters, transferable } from "./messages.ts";

const { mark }: ThreadData = workerData;
const port = parentPort;
if (port === null) throw new Error("this module runs on a thread of its own");

const settings = readSettings(process.env, process.cwd());
const log = createLog(settings.kind === "settings" ? settings.settings.logLevel : undefined);
passWith(mark);
if (process.env.NODE_ENV === "production") consoleToLog(log);
// As Next does for the other thread: one fault takes nobody else's answers away.
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error: unknown) => log("error", "a bug on the clusters' thread", faultOf(error)));

afterCollections(() => tell({ kind: "collected" }));

const asked = new Map<number, AbortController>();

port.on("message", (message: ToClusters) => {
  switch (message.kind) {
    case "ask":
      take(message).catch((error: unknown) => fail(message, error));
      break;
    case "leave":
      asked.get(message.id)?.abort();
      asked.delete(message.id);
      break;
    case "end":
      ending().abort();
      break;
    case "ping":
      tell({ kind: "pong" });
      break;
  }
});

async function take(ask: Ask): Promise<void> {
  const { id, name, params, method, url, headers, body, inRequest } = ask;
  const over = new AbortController();
  asked.set(id, over);
  const request = new Request(url, {
    method,
    headers: [...headers],
    signal: over.signal,
    ...(body === undefined ? {} : { body, duplex: "half" }),
  });
  const work = () => answer(name, request, params);
  const response = await (inRequest === undefined ? work() : runInRequest(inRequest, work));
  const { status, body: stream } = response;
  const head = { kind: "answer", id, status, headers: [...response.headers] } as const;
  // A stream has no end: it is over when its reader says so.
  if (stream !== null && response.headers.get("content-type")?.startsWith("text/event-stream") === true)
    return tell({ ...head, body: stream }, transferable(stream));
  const whole = await response.bytes();
  asked.delete(id);
  tell({ ...head, body: whole.length === 0 ? undefined : whole }, whole.buffer);
  await drained(request);
}

/** A body that nobody needed is read to its end, as Node's server does it: its connection takes the next request then. */
async function drained({ body, bodyUsed }: Request): Promise<void> {
  if (body === null || bodyUsed || body.locked) return;
  const reader = body.getReader();
  try {
    while (!(await reader.read()).done);
  } catch {
    // Whoever sent it has gone.
  }
}

async function fail({ id, url }: Ask, error: unknown): Promise<void> {
  asked.delete(id);
  const response = bugResponse(error, new URL(url).pathname);
  const whole = await response.bytes();
  tell(
    { kind: "answer", id, status: response.status, headers: [...response.headers], body: whole },
    whole.buffer,
  );
}

function tell(message: FromClusters, ...transfer: readonly Transferable[]): void {
  port?.postMessage(message, [...transfer]);
}
