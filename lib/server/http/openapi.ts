/** The API's description, made from the same schemas that its answers are held to. */
import { z } from "zod";
import {
  addedClusterSchema,
  findingsAnswerSchema,
  graphAnswerSchema,
  healthSchema,
  namespacesAnswerSchema,
  panelAnswerSchema,
  searchAnswerSchema,
  serviceAnswerSchema,
} from "#lib/protocol/answers.ts";
import { clusterListSchema } from "#lib/protocol/cluster.ts";
import { incidentSchema } from "#lib/protocol/incident.ts";
import type { linkParsers } from "#lib/protocol/link.ts";
import { problemSchema } from "#lib/protocol/problem.ts";
import { answerEventSchema, changeEventSchema } from "#lib/protocol/stream.ts";
import {
  matrixAnswerSchema,
  namespaceMatrixAnswerSchema,
  reachAnswerSchema,
  traceAnswerSchema,
} from "#lib/protocol/trace.ts";
import { shareKindOf } from "../gate/who-asks.ts";

interface Operation {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly answer: z.ZodType;
  readonly query?: Readonly<Record<string, string>>;
  readonly upload?: true;
  /** Media types besides JSON that it can answer with. */
  readonly files?: readonly string[];
  /** Problem statuses besides 500, and 429 where the operation is counted. */
  readonly problems: readonly number[];
}

const graphQuery: Readonly<
  Record<
    keyof Pick<
      typeof linkParsers,
      "ns" | "kind" | "label" | "only" | "touch" | "open" | "shut" | "pin" | "show"
    >,
    string
  >
> = {
  ns: "Only these namespaces, comma-separated",
  kind: "Only these node kinds, comma-separated",
  label: "Only objects with these labels, key=value or key, comma-separated",
  only: "broken: only what is broken, and its paths",
  touch: "Only what is connected to this node",
  open: "Unfolded by hand: namespace/<name> or a workload's id, comma-separated",
  shut: "Folded by hand: namespace/<name>, comma-separated",
  pin: "Drawn as they are, comma-separated: node ids",
  show: "Never folded away: this node",
};

/** Every operation of the API; a test holds it against the folder of handlers. */
export const operations: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/clusters",
    summary: "Every cluster that can be looked at",
    answer: clusterListSchema,
    problems: [],
  },
  {
    method: "post",
    path: "/api/v1/clusters",
    summary: "Open a dump, a bundle or manifests, sent as the body",
    answer: addedClusterSchema,
    query: { name: "The file's name: its ending says what it is" },
    upload: true,
    problems: [400, 408, 413, 422],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/graph",
    summary: "The map: folded, filtered, placed",
    answer: graphAnswerSchema,
    query: {
      ...graphQuery,
      format: "svg, mermaid or json: the map as a file, json in a form of its own",
      theme: "light or dark, for svg",
    },
    files: ["image/svg+xml", "text/plain"],
    problems: [400, 404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/namespaces",
    summary: "Every namespace, with what is broken in it",
    answer: namespacesAnswerSchema,
    problems: [404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/services/{namespace}/{name}",
    summary: "A Service and the health of its endpoints",
    answer: serviceAnswerSchema,
    problems: [404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/objects/{kind}/{namespace}/{name}",
    summary: "Any object, a Service too; the kind in any spelling, namespace `-` for cluster-scoped kinds",
    answer: panelAnswerSchema,
    problems: [400, 404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/findings",
    summary: "What is broken, at risk, or cannot be told",
    answer: findingsAnswerSchema,
    query: {
      by: "cause, namespace, kind or code: what the list is grouped by; cause when absent",
      severity: "Only these: error, warning, info, comma-separated",
      ns: "Only subjects in these namespaces, comma-separated; - for those in none",
      kind: "Only subjects of these kinds, as ids spell them, comma-separated",
      code: "Only these codes, comma-separated",
      q: "Words that all occur in the finding, its subject or a host that hangs on it",
      limit: "At most this many problems or findings; all of them when absent",
      open: "The key of a finding that is listed whatever the limit",
    },
    problems: [400, 404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/search",
    summary: "Objects by name, kind, label, IP, host or port",
    answer: searchAnswerSchema,
    query: {
      q: "Words, all of which must match",
      kind: "Only these kinds, comma-separated, in any spelling",
      limit: "At most this many, 1 to 100; 50 when absent",
    },
    problems: [400, 404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/trace",
    summary: "Whether one end reaches another: every hop with its evidence and the smallest fix",
    answer: traceAnswerSchema,
    query: {
      from: "namespace/kind/name, namespace/name (a pod), node/name, an IP, a CIDR, or internet",
      to: "The same, a Service, a DNS name as `from` would write it, or a URL",
      port: "A number or a port's name; absent: any port that the target serves",
      protocol: "TCP, UDP or SCTP; TCP when absent",
      map: "1: the map with the path on it as well",
    },
    problems: [400, 404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/reachability",
    summary:
      "Who may reach an end (to), what it may reach (from), or with neither the matrix, page by page or as CSV",
    answer: z.union([reachAnswerSchema, matrixAnswerSchema, namespaceMatrixAnswerSchema]),
    query: {
      to: "Who may reach this workload, pod or Service",
      from: "What this workload or pod may reach",
      by: "For the matrix: workload or namespace; workload when absent",
      fromNs: "Only rows of these namespaces, comma-separated",
      toNs: "Only columns of these namespaces, comma-separated",
      match: "Only workloads whose namespace/name holds this text",
      row: "The first row, from 0",
      column: "The first column, from 0",
      limit: "At most this many rows and columns, 1 to 500; 200 when absent",
      format: "csv: all of it as a file, streamed",
    },
    files: ["text/csv"],
    problems: [400, 404, 502, 503],
  },
  {
    method: "get",
    path: "/api/v1/clusters/{id}/stream",
    summary:
      "Follows answers of a cluster as server-sent events: `answer` has one whole, `change` what makes the next of it",
    answer: z.union([answerEventSchema, changeEventSchema]),
    query: {
      watch:
        "What to follow, 1 to 8 times: /graph?…, /namespaces, /findings?…, /trace?…, /services/…, /objects/…, escaped",
      at: "What the client has of each already (`to` of what it was told last, - for nothing), with dots between",
    },
    files: ["text/event-stream"],
    problems: [400, 404],
  },
  {
    method: "get",
    path: "/api/v1/demo",
    summary: "The incident that the built-in demo can play, and where it stands",
    answer: incidentSchema,
    problems: [404],
  },
  {
    method: "post",
    path: "/api/v1/demo",
    summary:
      'Plays the demo\'s incident, pauses it, or shows a step: {"do":"show","step":2}, sent as the body',
    answer: incidentSchema,
    problems: [400, 404],
  },
  {
    method: "get",
    path: "/api/v1/openapi.json",
    summary: "This description",
    answer: z.looseObject({}),
    problems: [],
  },
  {
    method: "get",
    path: "/healthz",
    summary: "Whether the process lives",
    answer: healthSchema,
    problems: [],
  },
  {
    method: "get",
    path: "/readyz",
    summary: "Whether the default cluster has been read",
    answer: healthSchema,
    problems: [404, 502, 503],
  },
];

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12, which zod writes itself. */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method] = operationObject(operation);
    paths[operation.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Throughline",
      version,
      description: "How traffic flows through a Kubernetes cluster, and where it stops. The API only reads.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: { schemas: namedSchemas() },
  };
}

function operationObject(operation: Operation): object {
  const { method, path, summary, answer, query = {}, upload, files = [], problems } = operation;
  const isCounted = shareKindOf(method.toUpperCase(), path) !== undefined;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: "query",
    description,
    schema: { type: "string" },
  }));
  const problem = { "application/problem+json": { schema: schemaOf(problemSchema) } };
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(upload === true
      ? {
          requestBody: {
            required: true,
            content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
          },
        }
      : {}),
    responses: {
      [upload === true ? "201" : "200"]: {
        description: "The answer",
        content: {
          "application/json": { schema: schemaOf(answer) },
          ...Object.fromEntries(files.map((type) => [type, { schema: { type: "string" } }])),
        },
      },
      ...Object.fromEntries(
        [...problems, ...(isCounted ? [429] : []), 500].map((status) => [
          String(status),
          { description: "A problem", content: problem },
        ]),
      ),
    },
  };
}

const dialect = { target: "draft-2020-12", io: "output" } as const;

/**
 * Every schema with a name, under that name. Collected from the operations and not from zod's global registry: Next
 * bundles a module once for pages and once for handlers, and where both are loaded, each name there is two schemas'.
 */
function namedSchemas(): Readonly<Record<string, object>> {
  const named: Record<string, object> = {};
  for (const schema of [...operations.map(({ answer }) => answer), problemSchema]) {
    Object.assign(named, inComponents(z.toJSONSchema(schema, dialect).$defs ?? {}));
  }
  return named;
}

function schemaOf(schema: z.ZodType): object {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return { $ref: `${components}${id}` };
  const { $schema: _dialect, $defs: _named, ...inline } = z.toJSONSchema(schema, dialect);
  return inComponents({ inline }).inline ?? {};
}

const components = "#/components/schemas/";

/** A `$ref` into a schema's own `$defs` leads nowhere in here. */
function inComponents(schemas: object): Readonly<Record<string, object>> {
  const text = JSON.stringify(schemas).replaceAll('"$ref":"#/$defs/', `"$ref":"${components}`);
  return z.record(z.string(), z.looseObject({})).parse(JSON.parse(text));
}
