import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import { Cluster } from "./demo/cluster.ts";
import { addClusterScope } from "./demo/cluster-scope.ts";
import { addEdge } from "./demo/edge.ts";
import { incident } from "./demo/incident.ts";
import { addKubeSystem } from "./demo/kube-system.ts";
import { type Resource, tidy } from "./demo/objects.ts";
import { addObservability } from "./demo/observability.ts";
import { addPayments } from "./demo/payments.ts";
import { addPlatform } from "./demo/platform.ts";
import { addShop } from "./demo/shop.ts";

const incidentFolder = fileURLToPath(new URL("../demo/incident/", import.meta.url));
const folder = fileURLToPath(new URL("../demo/cluster/", import.meta.url));

// kubectl prints kinds in the order they are asked for; within a kind, by name.
const kinds = [
  ["Namespace", "Node", "IngressClass", "GatewayClass"],
  ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "CronJob", "Job", "Pod"],
  ["Service", "EndpointSlice", "Ingress", "Gateway", "HTTPRoute", "GRPCRoute", "ReferenceGrant"],
  ["NetworkPolicy", "ConfigMap", "Secret", "Event"],
].flat();

function position(resource: Resource): string {
  const kind = kinds.indexOf(resource.kind);
  if (kind < 0) throw new Error(`no place for a ${resource.kind}`);
  return `${String(kind).padStart(2, "0")}/${resource.metadata.name}`;
}

function yaml(resources: Resource[]): string {
  return resources
    .toSorted((a, b) => (position(a) < position(b) ? -1 : 1))
    .map((resource) =>
      dump(tidy(resource), { lineWidth: -1, noRefs: true, quoteStyle: "double", seqNoIndent: true }),
    )
    .join("---\n");
}

const cluster = new Cluster();
addClusterScope(cluster);
addKubeSystem(cluster);
addPlatform(cluster);
addObservability(cluster);
addShop(cluster);
addPayments(cluster);
// Last: the Gateway's status counts the routes attached to it.
addEdge(cluster);

mkdirSync(folder, { recursive: true });
for (const stale of readdirSync(folder)) rmSync(`${folder}${stale}`);
const files = Map.groupBy(cluster.resources, (resource) => resource.metadata.namespace ?? "cluster");
for (const [name, resources] of files) writeFileSync(`${folder}${name}.yaml`, yaml(resources));

// Each step: what the screen says of it, and after that the objects that it applies.
mkdirSync(incidentFolder, { recursive: true });
for (const stale of readdirSync(incidentFolder)) rmSync(`${incidentFolder}${stale}`);
for (const [i, { applies, ...step }] of incident(cluster).entries())
  writeFileSync(
    `${incidentFolder}${i + 1}.yaml`,
    `${dump(step, { lineWidth: -1, quoteStyle: "double" })}---\n${yaml(applies)}`,
  );

const count = (...wanted: string[]) =>
  cluster.resources.filter((resource) => wanted.includes(resource.kind)).length;
const workloads = count("Deployment", "StatefulSet", "DaemonSet", "CronJob");
console.log(
  `${files.size} files: ${count("Namespace")} namespaces, ${workloads} workloads, ${count("Pod")} pods, ${count("Service")} Services`,
);
