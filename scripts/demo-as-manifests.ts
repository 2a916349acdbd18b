/**
 * Prints the demo's objects as someone could apply them to a real cluster: without what only a server or a controller
 * writes. `node scripts/demo-as-manifests.ts | kubectl apply -f -`. For tests that ask a real cluster what they ask the
 * demo.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { dump, loadAll } from "js-yaml";
import { z } from "zod";

/** What people write; pods, slices and status follow from it. */
const written = [
  "Namespace",
  "ConfigMap",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Service",
  "NetworkPolicy",
];

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({}).optional(),
});

const folder = path.resolve(import.meta.dirname, "../demo/cluster");
const documents = readdirSync(folder).flatMap((file) =>
  loadAll(readFileSync(path.join(folder, file), "utf8")).flatMap((document) => itemsOf(document)),
);
const objects = documents
  .map((document) => objectSchema.parse(document))
  .filter(({ kind }) => written.includes(kind))
  // The API server makes this one itself.
  .filter(({ kind, metadata }) => !(kind === "Service" && metadata.namespace === "default"))
  .sort((a, b) => written.indexOf(a.kind) - written.indexOf(b.kind));
process.stdout.write(objects.map((object) => dump(forOldServers(applicable(object)))).join("---\n"));

function itemsOf(document: unknown): readonly unknown[] {
  const list = z.looseObject({ items: z.array(z.unknown()) }).safeParse(document);
  return list.success ? list.data.items : [document];
}

function applicable({ metadata, spec, status: _status, ...rest }: z.infer<typeof objectSchema>): object {
  const { name, namespace, labels, annotations } = metadata;
  const given = { name, namespace, labels, annotations };
  return { ...rest, metadata: given, ...(spec === undefined ? {} : { spec: withoutAllocated(spec) }) };
}

/** Probes by gRPC are refused by API servers before 1.24, and none of the questions hangs on a probe. */
function forOldServers(object: object): unknown {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    key.endsWith("Probe") && z.looseObject({ grpc: z.unknown() }).safeParse(value).success
      ? undefined
      : value,
  );
}

/** Addresses and ports that the API server chose there are not free here. */
function withoutAllocated(spec: Readonly<Record<string, unknown>>): object {
  const { clusterIP, clusterIPs, ipFamilies: _families, healthCheckNodePort: _check, ports, ...rest } = spec;
  const headless = clusterIP === "None" ? { clusterIP, clusterIPs } : {};
  if (!Array.isArray(ports)) return { ...rest, ...headless };
  return {
    ...rest,
    ...headless,
    ports: ports.map((port) => {
      const { nodePort: _nodePort, ...kept } = z.looseObject({}).parse(port);
      return kept;
    }),
  };
}
