/**
 * The stand-in as a process of its own: `node bench/api-server/main.ts --pods 150000 --port 8001`. Prints a line of JSON
 * with its address once it listens, and a kubeconfig's path with `--kubeconfig PATH`. `POST /control` takes one command
 * of commands.ts as JSON: `curl -d '{"do":"churn","perSecond":200}' 127.0.0.1:8001/control`.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { generateCluster } from "../generate-cluster.ts";
import { ApiServer } from "./api-server.ts";
import { textsOnDisk } from "./texts.ts";

const { values } = parseArgs({
  options: {
    pods: { type: "string", default: "2000" },
    namespaces: { type: "string" },
    nodes: { type: "string" },
    services: { type: "string" },
    policies: { type: "string" },
    seed: { type: "string" },
    port: { type: "string", default: "0" },
    kubeconfig: { type: "string" },
  },
});

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const server = new ApiServer({
  objects: generateCluster({
    pods: Number(values.pods),
    namespaces: number(values.namespaces),
    nodes: number(values.nodes),
    services: number(values.services),
    policies: number(values.policies),
    seed: number(values.seed),
    managedFields: "written",
  }),
  texts: textsOnDisk(),
  port: Number(values.port),
});
await server.start();
if (values.kubeconfig !== undefined) writeFileSync(values.kubeconfig, kubeconfigFor(server.url));
console.log(JSON.stringify({ url: server.url }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));

function kubeconfigFor(url: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "stand-in",
    clusters: [{ name: "stand-in", cluster: { server: url } }],
    users: [{ name: "someone", user: { token: "token" } }],
    contexts: [{ name: "stand-in", context: { cluster: "stand-in", user: "someone" } }],
  });
}
