/** What of a browser's `EventSource` a page uses, over fetch: comes back by itself, naming what it was told last. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Channel } from "#lib/client/live-stream.ts";

type Listener = (event: { readonly data?: unknown }) => void;

const [connecting, opened, closed] = [0, 1, 2];

export class EventChannel implements Channel {
  readonly #address: string;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #over = new AbortController();
  #state = connecting;
  #lastId = "";
  #retryMs = 1_000;

  constructor(address: string) {
    this.#address = address;
    void this.#run();
  }

  get readyState(): number {
    return this.#state;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  close(): void {
    this.#state = closed;
    this.#over.abort();
  }

  async #run(): Promise<void> {
    while (this.#state !== closed) {
      // A connection that breaks is made again; an answer that is no stream is the end.
      if ((await this.#once()) === "refused") this.#state = closed;
      else if (this.#state !== closed) this.#state = connecting;
      if (!this.#over.signal.aborted) this.#tell("error");
      if (this.#state !== closed) await sleep(this.#retryMs);
    }
  }

  async #once(): Promise<"broken" | "refused"> {
    try {
      const headers: Record<string, string> = this.#lastId === "" ? {} : { "last-event-id": this.#lastId };
      const response = await fetch(this.#address, { headers, signal: this.#over.signal });
      if (!response.ok || response.body === null) return "refused";
      this.#state = opened;
      this.#tell("open");
      let rest = "";
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        const events = `${rest}${text}`.split("\n\n");
        rest = events.pop() ?? "";
        for (const event of events) this.#take(event);
      }
    } catch {
      // Broken, as lines break.
    }
    return "broken";
  }

  #take(event: string): void {
    const fields = new Map(
      event
        .split("\n")
        .filter((line) => !line.startsWith(":"))
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(":")),
          line.slice(line.indexOf(":") + 2),
        ]),
    );
    this.#lastId = fields.get("id") ?? this.#lastId;
    this.#retryMs = Number(fields.get("retry") ?? this.#retryMs);
    if (fields.has("data")) this.#tell(fields.get("event") ?? "message", fields.get("data"));
  }

  #tell(type: string, data?: string): void {
    if (this.#over.signal.aborted) return;
    for (const listener of this.#listeners.get(type) ?? []) listener({ data });
  }
}
