/**
 * Many clients of the stream, each over a connection of its own: `node bench/stream-clients.ts URL CLUSTER COUNT
 * NAMESPACE…`. Client n follows the map of one of the namespaces. Prints `{"ready":true}` once all have their first
 * answer, then a line for each pod named marker-… that a client is told of for the first time:
 * `{"marker":"marker-3","atMs":…}`, in milliseconds since the epoch.
 */
import http from "node:http";

const [url = "", cluster = "", count = "0", ...namespaces] = process.argv.slice(2);
const clients = Number(count);
let ready = 0;

for (let client = 0; client < clients; client++) follow(namespaces[client % namespaces.length] ?? "");

function follow(namespace: string): void {
  const address = `${url}/api/v1/clusters/${cluster}/stream?watch=${encodeURIComponent(`/graph?ns=${namespace}`)}`;
  const seen = new Set<string>();
  let rest = "";
  let isReady = false;
  http.get(address, { agent: false, headers: { "accept-encoding": "identity" } }, (res) => {
    if (res.statusCode !== 200) throw new Error(`the stream answers ${res.statusCode}`);
    res.setEncoding("utf8");
    res.on("data", (chunk: string) => {
      const atMs = performance.timeOrigin + performance.now();
      const text = rest + chunk;
      if (!isReady && text.includes("event: told")) {
        isReady = true;
        ready += 1;
        if (ready === clients) console.log(JSON.stringify({ ready: true }));
      }
      for (const [marker] of text.matchAll(/marker-\d+(?=\W)/g)) {
        if (seen.has(marker)) continue;
        seen.add(marker);
        console.log(JSON.stringify({ marker, atMs }));
      }
      rest = text.slice(-40);
    });
    res.once("close", () => process.exit(1));
  });
}
