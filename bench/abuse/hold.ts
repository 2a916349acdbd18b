/** Many connections that say little, or nothing, or never enough: and what others notice of them. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type AttackedServer, attackedServer, servedFolder } from "./attacked-server.ts";
import { secret } from "./cookies.ts";
import { raisedLimits, targets } from "./sorties.ts";

export interface Held {
  /** Open at the same time, at most. */
  readonly connections: number;
  /** Of the slow senders, each: how long until it was cut off, and with which status; 0: without a word. */
  readonly cut: readonly { readonly what: string; readonly status: number; readonly ms: number }[];
  /** Streams that went on to be told something. */
  readonly streaming: number;
  /** Milliseconds of each probe, on a connection of its own: while the others came, and while they were there. */
  readonly openingProbes: readonly number[];
  readonly probes: readonly number[];
  /** Bytes that stay, after a garbage collection: before, at the most, and once all are gone. */
  readonly keptBefore: number;
  readonly keptDuring: number;
  readonly keptAfter: number;
}

export interface Holding {
  /** Of each kind. */
  readonly slowHeads: number;
  readonly slowForms: number;
  readonly slowFiles: number;
  readonly halfOpen: number;
  readonly idle: number;
  readonly streams: number;
}

/** A byte each, so that no sender ever pauses. */
const paceMs = 500;
/** Longer than every limit on what is sent, with those limits as they are and files limited to a minute. */
const longestMs = 75_000;
const probeEveryMs = 50;
/** As people come: so many, then a pause. Six hundred at the same instant would have to wait for each other. */
const perStep = 4;
const stepMs = 40;
const settleMs = 2_000;

export async function holdConnections(holding: Holding, progress: (what: string) => void): Promise<Held> {
  const folder = servedFolder();
  const server = await attackedServer({
    ...targets.token,
    ...raisedLimits,
    THROUGHLINE_FILES: folder.path,
    THROUGHLINE_LIMIT_UPLOAD_MINUTES: "1",
    THROUGHLINE_LOG_LEVEL: "error",
  });
  const clients = new Clients(server);
  try {
    // All of it once before, so that what is made once is made.
    await Promise.all(Array.from({ length: holding.streams }, () => clients.stream()));
    for (let i = 0; i < holding.halfOpen; i++) clients.halfOpen();
    await sleep(settleMs);
    clients.closeAll();
    await sleep(settleMs);
    const before = await kept(server);
    const opening = probing(server.port);
    progress("opening");
    const many = async <T>(count: number, open: () => T): Promise<readonly T[]> => {
      const all: T[] = [];
      for (let i = 0; i < count; i++) {
        all.push(open());
        if (i % perStep === 0) await sleep(stepMs);
      }
      return all;
    };
    await many(holding.idle, () => clients.idle());
    await many(holding.halfOpen, () => clients.halfOpen());
    await Promise.all(await many(holding.streams, () => clients.stream()));
    const slow = [
      ...(await many(holding.slowHeads, () => clients.slowHead())),
      ...(await many(holding.slowForms, () => clients.slowBody("form", "/auth/token"))),
      ...(await many(holding.slowFiles, () => clients.slowBody("file", "/api/v1/clusters?name=a.yaml"))),
    ];
    const connections = clients.open();
    const openingProbes = await opening.stop();
    // Nobody is answered while garbage is collected on purpose.
    const during = await kept(server);
    const holds = probing(server.port);
    progress(`${connections} connections are open; waiting until the slow ones are cut off`);
    const cut = await Promise.all(slow);
    const streaming = clients.streaming();
    const probes = await holds.stop();
    clients.closeAll();
    await sleep(settleMs);
    return {
      connections,
      cut,
      streaming,
      openingProbes,
      probes,
      keptBefore: before,
      keptDuring: during,
      keptAfter: await kept(server),
    };
  } finally {
    clients.closeAll();
    await server.stop("SIGKILL");
    folder.remove();
  }
}

async function kept(server: AttackedServer): Promise<number> {
  const { heapUsed, external } = await server.memory();
  return heapUsed + external;
}

class Clients {
  readonly #server: AttackedServer;
  readonly #sockets = new Set<Socket>();
  readonly #told = new Set<Socket>();
  #next = 0;

  constructor(server: AttackedServer) {
    this.#server = server;
  }

  open(): number {
    return [...this.#sockets].filter(({ destroyed }) => !destroyed).length;
  }

  streaming(): number {
    return [...this.#told].filter(({ destroyed }) => !destroyed).length;
  }

  closeAll(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    this.#told.clear();
  }

  idle(): Socket {
    return this.#connect();
  }

  /** Says half of a request, and is there without ever saying or reading more. */
  halfOpen(): void {
    const socket = this.#connect();
    socket.write(
      `GET /api/v1/clusters/files/graph HTTP/1.1\r\nHost: ${this.#server.host}\r\nAuthorization: Bearer ${secret}\r\n\r\n`,
    );
    socket.pause();
  }

  /** Resolves once the first is told. */
  stream(): Promise<void> {
    const socket = this.#connect();
    socket.write(
      `GET /api/v1/clusters/files/stream?watch=/findings HTTP/1.1\r\nHost: ${this.#server.host}\r\nAuthorization: Bearer ${secret}\r\n\r\n`,
    );
    return new Promise((resolve) => {
      socket.once("close", resolve);
      socket.on("data", (chunk: Buffer) => {
        if (!chunk.includes("event: told")) return;
        this.#told.add(socket);
        resolve();
      });
    });
  }

  slowHead(): Promise<Held["cut"][number]> {
    return this.#slowly("head", `GET /healthz HTTP/1.1\r\nHost: ${this.#server.host}\r\n`, "x-a: b\r\n");
  }

  slowBody(what: string, target: string): Promise<Held["cut"][number]> {
    const head = `POST ${target} HTTP/1.1\r\nHost: ${this.#server.host}\r\nAuthorization: Bearer ${secret}\r\nContent-Length: 60000\r\n\r\n`;
    return this.#slowly(what, head, "a: b\n");
  }

  #slowly(what: string, start: string, more: string): Promise<Held["cut"][number]> {
    const socket = this.#connect();
    const started = performance.now();
    socket.write(start);
    let at = 0;
    const pace = setInterval(() => socket.write(more.charAt(at++ % more.length)), paceMs);
    let answer = "";
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    return new Promise((resolve) => {
      const over = () => {
        clearInterval(pace);
        clearTimeout(late);
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
        resolve({ what, status, ms: performance.now() - started });
      };
      const late = setTimeout(() => {
        socket.destroy();
        over();
      }, longestMs);
      socket.once("close", over);
    });
  }

  /** From a hundred addresses of this machine, as from a hundred machines. */
  #connect(): Socket {
    const localAddress = `127.0.1.${1 + (this.#next++ % 100)}`;
    const socket = connect({ port: this.#server.port, host: "127.0.0.1", localAddress });
    socket.on("error", () => socket.destroy());
    this.#sockets.add(socket);
    return socket;
  }
}

function probing(port: number): { stop(): Promise<readonly number[]> } {
  const times: number[] = [];
  let isOver = false;
  const all = (async () => {
    while (!isOver) {
      times.push(await probe(port));
      await sleep(probeEveryMs);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await all;
      return times;
    },
  };
}

/** As a kubelet asks: on a new connection. Rejects where it is not answered well. */
function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", reject);
    socket.write("GET /healthz HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n");
    socket.once("data", (chunk: Buffer) => {
      socket.destroy();
      if (chunk.toString("latin1").startsWith("HTTP/1.1 200")) resolve(performance.now() - started);
      else reject(new Error(`a probe was answered with ${chunk.toString("latin1").slice(0, 100)}`));
    });
  });
}
