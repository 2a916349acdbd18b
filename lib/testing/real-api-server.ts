/**
 * For tests only: objects as someone wrote them, put into a real API server with their status. Its controllers do not
 * run, so what is put there stays as it is. Needs kubectl, whose proxy speaks for us.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import type { Document } from "./check-fixture.ts";

export interface RealApiServer {
  /** Puts objects there, namespaces that they stand in first. What they are refused for is told, nothing is thrown. */
  put(documents: readonly Document[]): Promise<readonly Outcome[]>;
  /** Takes away all that was put there. */
  clear(): Promise<void>;
  stop(): void;
}

export type Outcome =
  /** As it was put there: conditions of its status are made whole. */
  | { readonly kind: "put"; readonly document: Document }
  /** The server knows the kind, but not these fields, so that it is not the object that was written; it is gone again. */
  | { readonly kind: "dropped"; readonly document: Document; readonly fields: readonly string[] }
  | { readonly kind: "refused"; readonly document: Document; readonly why: string }
  /** The server has no such kind. */
  | { readonly kind: "not-served"; readonly document: Document };

const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
const identity = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** Keeps an object that is deleted where it is, shutting down, as a kubelet's grace period does. */
const finalizer = "throughline.dev/test";

export async function realApiServer(kubeconfig: string): Promise<RealApiServer> {
  const proxy = spawn(
    "kubectl",
    ["--kubeconfig", kubeconfig, "proxy", "--port=0", "--accept-paths=.*", "--reject-methods=^$"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [said] = await once(proxy.stdout, "data");
  const base = `http://${/127\.0\.0\.1:\d+/.exec(String(said))?.[0]}`;
  const served = new Map<string, Promise<z.infer<typeof resourceList>["resources"]>>();
  /** Newest last. */
  let made: string[] = [];
  /** What the server has of itself, as it was. */
  let changed: { readonly path: string; readonly before: z.infer<typeof identity> }[] = [];

  async function call(method: string, path: string, body?: unknown, type = "application/json") {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { "content-type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json().catch(() => ({}));
    const why = z.object({ message: z.string() }).safeParse(json).data?.message ?? `${response.status}`;
    return { ok: response.ok, status: response.status, json, why };
  }

  function group(apiVersion: string): string {
    return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  }

  async function collectionOf({ apiVersion, kind, metadata }: z.infer<typeof identity>) {
    const root = group(apiVersion);
    const listing =
      served.get(root) ??
      call("GET", root).then(({ json }) => resourceList.safeParse(json).data?.resources ?? []);
    served.set(root, listing);
    const resource = (await listing).find((each) => each.kind === kind && !each.name.includes("/"));
    if (resource === undefined) return undefined;
    const { name, namespaced } = resource;
    return namespaced ? `${root}/namespaces/${metadata.namespace ?? "default"}/${name}` : `${root}/${name}`;
  }

  async function putOne(document: Document): Promise<Outcome> {
    const given = identity.parse(document);
    const old = given.kind === "EndpointSlice" && (await collectionOf(given)) === undefined;
    const written = old ? asOldSlice(given) : given;
    const collection = await collectionOf(written);
    if (collection === undefined) return { kind: "not-served", document };
    const { status, ...rest } = written;
    const { deletionTimestamp, ...metadata } = withoutServerMade(written.metadata);
    const body = {
      ...rest,
      metadata: deletionTimestamp === undefined ? metadata : { ...metadata, finalizers: [finalizer] },
    };
    const path = `${collection}/${metadata.name}`;
    const existing = await call("GET", path);
    const answer = existing.ok
      ? // Namespaces that the server makes itself.
        await call("PATCH", path, body, "application/merge-patch+json")
      : await call("POST", collection, body);
    if (!answer.ok) return { kind: "refused", document, why: answer.why };
    const before = existing.ok ? identity.safeParse(existing.json).data : undefined;
    if (before === undefined) made.push(path);
    else if (!made.includes(path)) changed.push({ path, before });
    // The server taints a new node until its controllers find it ready.
    if (given.kind === "Node")
      await call("PATCH", path, { spec: { taints: taintsOf(given.spec) } }, "application/merge-patch+json");
    const wholeStatus = withWholeConditions(status);
    if (status !== undefined) {
      const told = await call(
        "PATCH",
        `${path}/status`,
        { status: wholeStatus },
        "application/merge-patch+json",
      );
      if (!told.ok && told.status !== 404) return { kind: "refused", document, why: told.why };
    }
    if (deletionTimestamp !== undefined) await call("DELETE", path);
    const now = await call("GET", path);
    // A Secret's text is written as one thing and read as another.
    const { stringData: _, ...readable }: Record<string, unknown> = body;
    const sent = wholeStatus === undefined ? readable : { ...readable, status: wholeStatus };
    const fields = missingIn(sent, now.json);
    if (fields.length === 0)
      return { kind: "put", document: sent === readable ? document : { ...document, status: wholeStatus } };
    await remove(path);
    return { kind: "dropped", document, fields: [...new Set(fields)] };
  }

  async function remove(path: string): Promise<void> {
    await call("PATCH", path, { metadata: { finalizers: null } }, "application/merge-patch+json");
    await call("DELETE", `${path}?gracePeriodSeconds=0`);
    // No controller empties a namespace here, and none needs to.
    if (!path.startsWith("/api/v1/namespaces/") || path.split("/").length !== 5) return;
    const { json } = await call("GET", path);
    const { data } = identity.safeParse(json);
    if (data !== undefined) await call("PUT", `${path}/finalize`, { ...data, spec: { finalizers: [] } });
  }

  return {
    async put(documents) {
      const names = documents.flatMap((document) => identity.parse(document).metadata.namespace ?? []);
      const given = new Set(
        documents
          .filter(({ kind }) => kind === "Namespace")
          .map((document) => identity.parse(document).metadata.name),
      );
      const namespaces = [...new Set(names)]
        .filter((name) => !given.has(name))
        .map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
      for (const namespace of namespaces) await putOne(namespace);
      const outcomes: Outcome[] = [];
      // What others stand in or on comes first, as for kubectl apply.
      // An Ingress without a class is refused while there are two default ones, but not where it was there before them.
      const first = ["Namespace", "Node", "Ingress"];
      const rank = ({ kind }: Document) =>
        first.includes(String(kind)) ? first.indexOf(String(kind)) : first.length;
      for (const document of documents.toSorted((a, b) => rank(a) - rank(b)))
        outcomes.push(await putOne(document));
      return outcomes;
    },
    async clear() {
      for (const path of made.toReversed()) await remove(path);
      for (const { path, before } of changed) {
        const { data } = identity.safeParse((await call("GET", path)).json);
        if (data === undefined) continue;
        const { resourceVersion } = data.metadata;
        await call("PUT", path, { ...before, metadata: { ...before.metadata, resourceVersion } });
      }
      made = [];
      changed = [];
    },
    stop: () => void proxy.kill(),
  };
}

/** Fields that the server writes itself; it would refuse or ignore them. */
function withoutServerMade(metadata: z.infer<typeof identity>["metadata"]) {
  const { uid: _, resourceVersion: __, creationTimestamp: ___, ...rest } = metadata;
  return { ...rest, deletionTimestamp: rest.deletionTimestamp };
}

function taintsOf(spec: unknown): readonly unknown[] | null {
  return z.object({ taints: z.array(z.unknown()) }).safeParse(spec).data?.taints ?? null;
}

/** What the Gateway API asks of every condition, and people who write examples leave out. */
function withWholeConditions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withWholeConditions);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withWholeConditions(each)]);
  const whole = Object.fromEntries(entries);
  const isCondition = typeof whole.type === "string" && typeof whole.status === "string";
  const isListener = Array.isArray(whole.conditions) && typeof whole.name === "string";
  if (isCondition)
    return {
      lastTransitionTime: "2026-01-01T00:00:00Z",
      message: "as a test has it",
      reason: "Unknown",
      ...whole,
    };
  return isListener ? { attachedRoutes: 0, supportedKinds: [], ...whole } : whole;
}

/** Before 1.21 slices were beta, and an endpoint's node and zone stood in its topology. */
function asOldSlice(slice: z.infer<typeof identity>): z.infer<typeof identity> {
  const endpoints = z
    .array(z.looseObject({ nodeName: z.string().optional(), zone: z.string().optional() }))
    .catch([])
    .parse(slice.endpoints)
    .map(({ nodeName, zone, ...rest }) => ({
      ...rest,
      topology: {
        ...(nodeName === undefined ? {} : { "kubernetes.io/hostname": nodeName }),
        ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
      },
    }));
  return { ...slice, apiVersion: "discovery.k8s.io/v1beta1", endpoints };
}

/** Paths of fields that were sent and are not there: the server does not know them. Lists are matched item by item. */
function missingIn(sent: unknown, got: unknown, path = ""): readonly string[] {
  if (typeof sent !== "object" || sent === null) return [];
  if (typeof got !== "object" || got === null) return Object.keys(sent).length === 0 ? [] : [path];
  return Object.entries(sent).flatMap(([key, value]) => {
    const at = `${path}${path === "" ? "" : "."}${Array.isArray(sent) ? "*" : key}`;
    const found: unknown = Reflect.get(got, key);
    const empty =
      value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
    return found === undefined ? (empty ? [] : [at]) : missingIn(value, found, at);
  });
}
