/**
 * A stand-in for an API server: lists in pages, streaming lists, watches with bookmarks, all in the API's own format,
 * over HTTP; and the faults that real ones have. What it serves comes from a generator and is kept as text, so that a
 * cluster of any size fits. For truth there are real API servers; this one is for size and for what they do rarely.
 */

import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { groupVersionPath } from "#lib/server/sources/kube/resources.ts";
import type { ApiObject } from "../cluster/api-object.ts";
import { send, sendStatus, statusOf } from "./answers.ts";
import { Churn } from "./churn.ts";
import { type Command, type CommandInput, commandSchema, type PutObject } from "./commands.ts";
import { Faults } from "./faults.ts";
import { type Change, History } from "./history.ts";
import { listPage, tokenOf } from "./list-page.ts";
import { type Matches, matchesOf } from "./selectors.ts";
import { apiVersionOf, discoveryOf, type ServedResource, servedToday } from "./served.ts";
import { Table } from "./table.ts";
import { type Texts, textsInMemory } from "./texts.ts";
import { Watcher } from "./watcher.ts";

export interface ApiServerOptions {
  /** What is there at first. */
  readonly objects?: Iterable<ApiObject | PutObject> | undefined;
  readonly texts?: Texts | undefined;
  readonly served?: readonly ServedResource[] | undefined;
  readonly version?: string | undefined;
  /** 0: any that is free. */
  readonly port?: number | undefined;
  /** Changes that a watch may go back. */
  readonly history?: number | undefined;
}

/** Above every resourceVersion that generated objects carry. */
const firstRevision = 10_000_000;
const mostRequests = 10_000;

export class ApiServer {
  /** `GET /api/v1/pods?limit=500`, in the order in which they came; the last ten thousand. */
  readonly requests: string[] = [];
  /** Every token that was ever sent. */
  readonly tokensSeen = new Set<string>();
  readonly #texts: Texts;
  readonly #tables = new Map<ServedResource, Table>();
  readonly #history: History;
  readonly #faults = new Faults();
  readonly #watchers = new Set<Watcher>();
  readonly #forbidden = new Map<string, readonly string[]>();
  readonly #churn: Churn;
  readonly #version: string;
  #served: readonly ServedResource[];
  #server: http.Server | undefined;
  #port: number;
  #revision = firstRevision;
  #tokens: readonly string[] | undefined;
  #delayMs = 0;
  #muted = false;
  #streamingLists: Extract<Command, { do: "streaming-lists" }>["mode"] = "on";
  #bookmarks: NodeJS.Timeout | undefined;

  constructor(options: ApiServerOptions = {}) {
    this.#texts = options.texts ?? textsInMemory();
    this.#served = options.served ?? servedToday();
    this.#version = options.version ?? "v1.36.2";
    this.#port = options.port ?? 0;
    this.#history = new History(firstRevision, options.history ?? 20_000);
    for (const resource of this.#served) this.#tables.set(resource, new Table(this.#texts));
    for (const object of options.objects ?? []) {
      const resource = this.#resourceOf(object);
      this.#table(resource).fill(keyOf(object), textOf(object));
    }
    this.#churn = new Churn({
      keys: (name) => this.#table(this.#named(name)).keys(),
      read: (name, key) => this.#table(this.#named(name)).at(key, this.#revision),
      put: (name, key, json) => {
        const resource = this.#named(name);
        this.#change(resource, key, json);
      },
    });
    this.#remindEvery(60_000);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get revision(): number {
    return this.#revision;
  }

  get openWatches(): number {
    return [...this.#watchers].filter((watcher) => watcher.open).length;
  }

  /** Listens; after a `stop` on the same port again. */
  async start(): Promise<void> {
    const server = http.createServer((req, res) => {
      this.#handle(req, res).catch((error: unknown) => {
        if (!res.headersSent) sendStatus(res, 500, String(error));
        else res.destroy();
      });
    });
    server.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
    this.#server = server;
  }

  /** As a killed process: every connection breaks. What it holds stays, as in etcd. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#watchers.clear();
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async close(): Promise<void> {
    this.#churn.stop();
    clearInterval(this.#bookmarks);
    await this.stop();
    this.#texts.close();
  }

  do(input: CommandInput): void {
    const command: Command = commandSchema.parse(input);
    switch (command.do) {
      case "put": {
        const resource = this.#resourceOf(command.object);
        this.#change(resource, keyOf(command.object), command.object);
        return;
      }
      case "delete":
        this.#delete(this.#resourceOf(command.object), keyOf(command.object));
        return;
      case "churn":
        this.#churn.start(command.perSecond, command.seed);
        return;
      case "calm":
        this.#churn.stop();
        return;
      case "compact":
        this.#compact("all");
        return;
      case "cut":
        if (command.what === "watches") for (const watcher of this.#of(command.resource)) watcher.cut();
        else this.#faults.add(command);
        return;
      case "end-watches":
        for (const watcher of this.#of(command.resource)) watcher.end();
        return;
      case "silence":
        for (const watcher of this.#of(command.resource)) watcher.silence();
        return;
      case "mute":
        this.#muted = command.on;
        if (command.on) for (const watcher of this.#watchers) watcher.silence();
        return;
      case "malformed":
      case "gone":
      case "expire-pages":
      case "throttle":
        this.#faults.add(command);
        return;
      case "heal":
        this.#faults.clear();
        return;
      case "forbid":
        this.#forbidden.set(command.resource, command.verbs);
        return;
      case "permit":
        this.#forbidden.delete(command.resource);
        return;
      case "tokens":
        this.#tokens = command.accept;
        return;
      case "delay":
        this.#delayMs = command.ms;
        return;
      case "streaming-lists":
        this.#streamingLists = command.mode;
        return;
      case "bookmarks":
        this.#remindEvery(command.everyMs);
        return;
      case "serve":
        this.#serve(command.groupVersion, command.resource, command.served);
        return;
    }
  }

  #serve(groupVersion: string, name: string, served: boolean): void {
    const fits = (resource: ServedResource) =>
      resource.name === name && apiVersionOf(resource) === groupVersion;
    const others = this.#served.filter((resource) => !fits(resource));
    const known = [...this.#tables.keys()].find(fits);
    if (known === undefined) throw new RangeError(`${groupVersion} ${name} is not known here`);
    this.#served = served ? [...others, known] : others;
    if (!served) for (const watcher of this.#of(name)) watcher.end();
  }

  #of(name: string | undefined): readonly Watcher[] {
    return [...this.#watchers].filter(
      (watcher) => watcher.open && (name === undefined || watcher.options.resource.name === name),
    );
  }

  #remindEvery(ms: number): void {
    clearInterval(this.#bookmarks);
    this.#bookmarks = setInterval(() => {
      for (const watcher of this.#watchers) watcher.bookmark(this.#revision);
    }, ms);
    this.#bookmarks.unref();
  }

  #change(resource: ServedResource, key: string, object: PutObject | ApiObject): void {
    const before = this.#table(resource).at(key, this.#revision);
    this.#revision++;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    const bytes = Buffer.from(textOf({ ...object, metadata }));
    this.#table(resource).put(key, this.#revision, bytes);
    const type = before === undefined ? "ADDED" : "MODIFIED";
    this.#tell({ revision: this.#revision, resource, key, type, text: bytes, before });
  }

  #delete(resource: ServedResource, key: string): void {
    const before = this.#table(resource).at(key, this.#revision);
    if (before === undefined) throw new RangeError(`there is no ${resource.kind} ${key}`);
    this.#revision++;
    this.#table(resource).put(key, this.#revision, undefined);
    const last: { metadata?: object } = JSON.parse(before.toString());
    const metadata = { ...last.metadata, resourceVersion: String(this.#revision) };
    const bytes = Buffer.from(JSON.stringify({ ...last, metadata }));
    this.#tell({ revision: this.#revision, resource, key, type: "DELETED", text: bytes, before });
  }

  #tell(change: Change): void {
    const broken = this.#faults.take("malformed", change.resource.name) !== undefined;
    for (const watcher of this.#watchers) watcher.tell(change, broken);
    if (this.#history.add(change)) this.#compact("half");
  }

  #compact(howMuch: "half" | "all"): void {
    if (howMuch === "all") this.#revision++;
    const revision = Math.max(this.#history.compact(howMuch), howMuch === "all" ? this.#revision : 0);
    this.#history.compacted = revision;
    for (const table of this.#tables.values()) table.compact(revision);
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", "http://api-server");
    if (url.pathname === "/control") return this.#control(req, res);
    this.requests.push(`${req.method} ${url.pathname}${url.search}`);
    if (this.requests.length > mostRequests) this.requests.shift();
    if (this.#muted) return;
    if (this.#delayMs > 0) await wait(this.#delayMs);
    const bearer = req.headers.authorization?.replace(/^Bearer /, "");
    if (bearer !== undefined) this.tokensSeen.add(bearer);
    if (this.#tokens !== undefined && !this.#tokens.includes(bearer ?? ""))
      return sendStatus(res, 401, "Unauthorized");
    if (url.pathname === "/version") return send(res, { gitVersion: this.#version });
    const found = this.#find(url.pathname);
    const throttled = this.#faults.take("throttle", found?.resource.name ?? "");
    if (throttled !== undefined) {
      const seconds = throttled.retryAfterSeconds;
      const headers = seconds === undefined ? {} : { "retry-after": String(seconds) };
      return sendStatus(res, throttled.status, "too many requests", headers);
    }
    const discovery = discoveryOf(this.#served).get(url.pathname);
    if (discovery !== undefined) return send(res, discovery);
    if (found === undefined) return sendStatus(res, 404, "the server could not find the requested resource");
    const { resource, namespace, name } = found;
    const watches = url.searchParams.get("watch");
    const isWatch = (watches === "1" || watches === "true") && this.#streamingLists !== "no-watches";
    const verb = isWatch ? "watch" : "list";
    if (this.#forbidden.get(resource.name)?.includes(verb)) {
      const message = `${resource.name} is forbidden: User "reader" cannot ${verb} resource "${resource.name}" in API group "${resource.group}" at the cluster scope`;
      return sendStatus(res, 403, message);
    }
    if (name !== undefined)
      return this.#get(res, resource, `${namespace === undefined ? "" : `${namespace}/`}${name}`);
    const asked: Asked = {
      res,
      resource,
      namespace,
      query: url.searchParams,
      matches: matchesOf(url.searchParams),
    };
    return verb === "watch" ? this.#watch(asked) : this.#list(asked);
  }

  async #control(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method === "GET")
      return send(res, {
        revision: this.#revision,
        openWatches: this.openWatches,
        requests: this.requests.length,
      });
    const parsed = commandSchema.safeParse(JSON.parse(await text(req)));
    if (!parsed.success) return sendStatus(res, 400, parsed.error.message);
    this.do(parsed.data);
    send(res, { revision: this.#revision });
  }

  #find(path: string): { resource: ServedResource; namespace?: string; name?: string } | undefined {
    for (const resource of this.#served) {
      const base = groupVersionPath(resource.group, resource.version);
      if (!path.startsWith(`${base}/`)) continue;
      const parts = path
        .slice(base.length + 1)
        .split("/")
        .map(decodeURIComponent);
      const [first, namespace, name, ...rest] =
        parts[0] === "namespaces" && parts.length > 2
          ? [parts[2], parts[1], parts[3], ...parts.slice(4)]
          : [parts[0], undefined, parts[1], ...parts.slice(2)];
      if (first !== resource.name || rest.length > 0) continue;
      return {
        resource,
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
      };
    }
    return undefined;
  }

  #get(res: ServerResponse, resource: ServedResource, key: string): void {
    const found = this.#table(resource).at(key, this.#revision);
    if (found === undefined) {
      sendStatus(res, 404, `${resource.name} "${key}" not found`);
      return;
    }
    const json: object = JSON.parse(found.toString());
    send(res, { kind: resource.kind, apiVersion: apiVersionOf(resource), ...json });
  }

  #list({ res, resource, namespace, query, matches }: Asked): void {
    const token = tokenOf(query.get("continue"));
    const revision = token?.revision ?? this.#revision;
    const isExpired = token !== undefined && this.#faults.take("expire-pages", resource.name) !== undefined;
    if (isExpired || (token !== undefined && revision < this.#history.compacted)) {
      const why = "The provided continue parameter is too old to display a consistent list result.";
      sendStatus(res, 410, why);
      return;
    }
    const limit = Number(query.get("limit") ?? 0) || Number.POSITIVE_INFINITY;
    const page = { resource, namespace, matches, revision, after: token?.after, limit };
    const body = listPage(this.#table(resource), page);
    res.writeHead(200, { "content-type": "application/json" });
    if (this.#faults.take("cut", resource.name, ({ what }) => what === "pages") === undefined) res.end(body);
    else res.write(body.subarray(0, Math.floor(body.length / 2)), () => res.destroy());
  }

  async #watch({ res, resource, namespace, query, matches }: Asked): Promise<void> {
    const bookmarks = query.get("allowWatchBookmarks") === "true";
    const watcher = new Watcher(res, { resource, namespace, matches, bookmarks });
    const asked = query.get("resourceVersion") ?? "";
    const streams = query.get("sendInitialEvents") === "true" && this.#streamingLists !== "unknown";
    if (streams && this.#streamingLists === "off") {
      const why = "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
      return watcher.error(
        statusOf(422, `ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: ${why}`),
      );
    }
    const table = this.#table(resource);
    let from = Number(asked);
    if (streams || asked === "" || asked === "0") {
      const isCut = this.#faults.take("cut", resource.name, ({ what }) => what === "streams") !== undefined;
      from = this.#revision;
      await watcher.sendAll(
        table.rows(from),
        isCut ? Math.floor(table.keys().length / 2) : Number.POSITIVE_INFINITY,
      );
      if (!watcher.open) return;
      if (streams) watcher.bookmark(from, true);
    } else {
      const gone = this.#faults.take("gone", resource.name);
      const tooOld = `too old resource version: ${from} (${this.#history.compacted})`;
      if (gone !== undefined || from < this.#history.compacted) return watcher.error(statusOf(410, tooOld));
    }
    for (const change of this.#history.since(from)) watcher.tell(change, false);
    this.#watchers.add(watcher);
    res.once("close", () => this.#watchers.delete(watcher));
    const seconds = Number(query.get("timeoutSeconds") ?? 0);
    if (seconds > 0) {
      const timer = setTimeout(() => watcher.end(), seconds * 1000);
      res.once("close", () => clearTimeout(timer));
    }
  }

  #table(resource: ServedResource): Table {
    const table = this.#tables.get(resource);
    if (table === undefined) throw new RangeError(`${resource.name} is not known here`);
    return table;
  }

  #named(name: string): ServedResource {
    const found = [...this.#tables.keys()].find((resource) => resource.name === name);
    if (found === undefined) throw new RangeError(`${name} is not known here`);
    return found;
  }

  #resourceOf({ apiVersion, kind }: PutObject | ApiObject): ServedResource {
    for (const resource of this.#tables.keys())
      if (resource.kind === kind && apiVersionOf(resource) === apiVersion) return resource;
    throw new RangeError(`${apiVersion} ${kind} is not known here`);
  }
}

interface Asked {
  readonly res: ServerResponse;
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly matches: Matches | undefined;
}

function keyOf({ metadata }: PutObject | ApiObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function textOf(object: PutObject | ApiObject): string {
  const { apiVersion: _, kind: __, ...rest } = object;
  return JSON.stringify(rest);
}
