/** The gate in front of a real server, as what comes in over a socket meets it. */
import { once } from "node:events";
import { createServer, Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forEverybodyHeader, identityHeader } from "../auth/identity.ts";
import { silentLog } from "../log.ts";
import { installGate } from "./install.ts";
import { forgetGate } from "./passed.ts";
import { type RequestLimits, readRequestLimits } from "./request-limits.ts";

const original = Server.prototype.emit;
const server = createServer((request, response) => {
  const named = [identityHeader, forEverybodyHeader].filter((name) => request.headers[name] !== undefined);
  response.end(`let in, with ${named.join(" and ") || "nothing"}`);
});
// As Next does, without an answer for those whose path it does not know.
server.on("upgrade", () => {});

function readLimits(): RequestLimits {
  const read = readRequestLimits({});
  if (read.kind === "invalid") throw new Error(read.problems.join(" "));
  return read.limits;
}

beforeAll(async () => {
  const sessions = { secret: "a secret of more than 32 characters", hours: 8 };
  installGate(
    {
      auth: { mode: "token", token: "sixteen letters!", sessions },
      url: undefined,
      hosts: [],
      metricsToken: undefined,
    },
    readLimits(),
    silentLog,
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  forgetGate();
  Server.prototype.emit = original;
  server.closeAllConnections();
  server.close();
});

/** All that comes back until the server hangs up. */
async function sent(...lines: readonly string[]): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return text(socket);
}

const host = "Host: 127.0.0.1";
const close = "Connection: close";
const bearer = "Authorization: Bearer sixteen letters!";

describe("what comes in over a socket", () => {
  it("is let in with the secret, and what is for everybody without", async () => {
    expect(await sent("GET /findings HTTP/1.1", host, close, bearer)).toMatch(/let in, with nothing$/);
    expect(await sent("GET /auth/login HTTP/1.1", host, close)).toMatch(
      new RegExp(`let in, with ${forEverybodyHeader}$`),
    );
  });

  it.each([
    ["a path that leads up from what is for everybody", "GET /auth/../findings HTTP/1.1", host],
    ["all of the server", "GET * HTTP/1.1", host],
    ["two hosts", "GET /healthz HTTP/1.1", host, "Host: attacker.example.com"],
    ["two hosts in other letters", "GET /healthz HTTP/1.1", "hOST: 127.0.0.1", "HOST: attacker.example.com"],
  ])("is refused where it asks for %s", async (_what, ...lines) => {
    const answer = await sent(...lines, close, bearer);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain("let in");
  });

  it("cannot say itself who asks", async () => {
    const answer = await sent(
      "GET /findings HTTP/1.1",
      host,
      close,
      bearer,
      `${identityHeader}: e30`,
      `${forEverybodyHeader}: 1`,
    );
    expect(answer).toMatch(/let in, with nothing$/);
  });

  it.each(["websocket", "h2c", "TLS/1.0"])("is hung up on where it wants to speak %s", async (what) => {
    const answer = await sent(
      "GET /findings HTTP/1.1",
      host,
      "Connection: Upgrade",
      `Upgrade: ${what}`,
      bearer,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("has a time for its headers, and those whose time is up are looked for soon", () => {
    expect(server.headersTimeout).toBeLessThanOrEqual(15_000);
    expect(Reflect.get(server, "connectionsCheckingInterval")).toBeLessThanOrEqual(1_000);
  });
});
