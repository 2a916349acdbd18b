/**
 * What any reader of a cluster has to pay at least: `node bench/api-server/download.ts URL` downloads every list that
 * the server has in pages of 500, parses them with JSON.parse and drops them. Prints milliseconds and bytes as JSON.
 */
import http from "node:http";
import { buffer } from "node:stream/consumers";
import { servedToday } from "./served.ts";

const [url = ""] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true });
let bytes = 0;
let objects = 0;

const startMs = performance.now();
for (const { path } of servedToday()) {
  let token = "";
  do {
    const list = await page(`${url}${path}?limit=500${token === "" ? "" : `&continue=${token}`}`);
    objects += list.items.length;
    token = list.metadata.continue ?? "";
  } while (token !== "");
}
console.log(JSON.stringify({ ms: performance.now() - startMs, bytes, objects }));
agent.destroy();

async function page(from: string): Promise<{ items: unknown[]; metadata: { continue?: string } }> {
  const res = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(from, { agent }, resolve).once("error", reject);
  });
  const body = await buffer(res);
  bytes += body.length;
  return JSON.parse(body.toString());
}
