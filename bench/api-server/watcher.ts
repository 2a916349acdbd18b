import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Change } from "./history.ts";
import type { Matches } from "./selectors.ts";
import { apiVersionOf, type ServedResource } from "./served.ts";
import type { Row } from "./table.ts";

export interface WatchOptions {
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly matches: Matches | undefined;
  readonly bookmarks: boolean;
}

/** One open watch: writes events as the API server does, a JSON object a line. */
export class Watcher {
  readonly options: WatchOptions;
  readonly #res: ServerResponse;
  readonly #head: string;
  #mute = false;

  constructor(res: ServerResponse, options: WatchOptions) {
    this.#res = res;
    this.options = options;
    const { kind } = options.resource;
    this.#head = `"object":{"kind":"${kind}","apiVersion":"${apiVersionOf(options.resource)}",`;
    res.writeHead(200, { "content-type": "application/json" });
    res.flushHeaders();
  }

  get open(): boolean {
    return !this.#res.writableEnded && !this.#res.destroyed;
  }

  /** Every object that is there, as added now; waits for a slow reader. */
  async sendAll(rows: Iterable<Row>, cutAfter: number): Promise<void> {
    let sent = 0;
    let pieces: Buffer[] = [];
    let bytes = 0;
    const flush = async () => {
      const all = Buffer.concat(pieces);
      pieces = [];
      bytes = 0;
      if (this.#res.write(all) || !this.open) return;
      const over = new AbortController();
      const { signal } = over;
      await Promise.race([once(this.#res, "drain", { signal }), once(this.#res, "close", { signal })]);
      over.abort();
    };
    for (const row of rows) {
      if (!this.open) return;
      if (!this.#concerns(row.key, row.text)) continue;
      if (sent++ === cutAfter) {
        await flush();
        this.cut();
        return;
      }
      const line = this.#line("ADDED", row.text);
      pieces.push(line);
      bytes += line.length;
      if (bytes > 256 * 1024) await flush();
    }
    await flush();
    if (sent <= cutAfter && Number.isFinite(cutAfter)) this.cut();
  }

  tell(change: Change, malformed: boolean): void {
    if (this.#mute || !this.open || change.resource !== this.options.resource) return;
    const before = change.before !== undefined && this.#concerns(change.key, change.before);
    const after = change.type !== "DELETED" && this.#concerns(change.key, change.text);
    if (!before && !after) return;
    const type = after ? (before ? "MODIFIED" : "ADDED") : "DELETED";
    const line = this.#line(type, change.text);
    if (!malformed) this.#res.write(line);
    else this.#res.write(Buffer.concat([line.subarray(0, line.length - 20), Buffer.from("}}]\n")]));
  }

  bookmark(revision: number, initialEventsEnd = false): void {
    if (this.#mute || !this.open || (!this.options.bookmarks && !initialEventsEnd)) return;
    const annotations = initialEventsEnd ? ',"annotations":{"k8s.io/initial-events-end":"true"}' : "";
    this.#res.write(
      `{"type":"BOOKMARK",${this.#head}"metadata":{"resourceVersion":"${revision}","creationTimestamp":null${annotations}}}}\n`,
    );
  }

  /** An ERROR event, which ends the watch. */
  error(status: unknown): void {
    this.#res.end(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
  }

  /** Stays open and says nothing any more. */
  silence(): void {
    this.#mute = true;
  }

  end(): void {
    this.#res.end();
  }

  /** In the middle of an event. */
  cut(): void {
    this.#res.write(`{"type":"MODIFIED",${this.#head}"metadata":{"na`, () => this.#res.destroy());
  }

  #concerns(key: string, text: Buffer): boolean {
    const { namespace, matches } = this.options;
    if (namespace !== undefined && !key.startsWith(`${namespace}/`)) return false;
    return matches === undefined || matches(JSON.parse(text.toString()));
  }

  #line(type: string, text: Buffer): Buffer {
    const head = Buffer.from(`{"type":"${type}",${this.#head}`);
    return Buffer.concat([head, text.subarray(1), Buffer.from("}\n")]);
  }
}
