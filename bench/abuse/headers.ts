/** Requests in a name that is not theirs: another Host, another Origin, another user. */
import type { Chance } from "../cluster/chance.ts";
import { type Attack, foreignHosts, type Header, intruder, member, message } from "./attack.ts";
import { damagedText } from "./mutate.ts";

const questions = [
  "/api/v1/clusters",
  "/api/v1/clusters/files/graph",
  "/api/v1/clusters/files/namespaces",
  "/findings",
  "/",
  "/auth/me",
  "/metrics",
] as const;

/**
 * A page elsewhere whose name leads here, or that sends something here. `host`: under which the server is known;
 * `known`: what a browser, or a proxy, would put there of somebody who is signed in.
 */
export function rebindingAttack(chance: Chance, host: string, known: readonly Header[] = []): Attack {
  const foreign =
    chance.below(3) === 0 ? damagedText(chance.pick(foreignHosts), chance) : chance.pick(foreignHosts);
  const target = chance.pick(questions);
  const line = `${chance.pick(["GET", "GET", "HEAD", "POST"])} ${target} HTTP/1.1`;
  const own: readonly Header[] = [
    ["Connection", "close"],
    ["Accept", chance.pick(["text/html", "*/*"])],
    ...known,
  ];
  const framed = (headers: readonly Header[]) => message(line, [...own, ...headers]);
  const attack = (bytes: Buffer, isWhole: boolean): Attack => ({
    bytes,
    from: "proxy",
    isWhole,
    maySee: false,
  });
  const name = foreign.replaceAll(/[^ -~]/g, "");
  switch (chance.below(5)) {
    // The name's own rules say which are loopback's; a name that was damaged into one of these is no attack.
    case 0:
      return isOwnName(foreign)
        ? attack(framed([["Host", "attacker.example.com"]]), true)
        : attack(framed([["Host", foreign]]), false);
    case 1:
      return attack(
        framed([
          ["Host", host],
          ["Host", name],
        ]),
        false,
      );
    case 2:
      return attack(
        framed([
          ["Host", host],
          ["Origin", `https://${isOwnName(name) || name === "" ? "attacker.example.com" : name}`],
        ]),
        false,
      );
    case 3:
      return attack(
        framed([
          ["Host", host],
          ["Sec-Fetch-Site", "cross-site"],
          ["Sec-Fetch-Mode", chance.pick(["cors", "no-cors", "navigate", "websocket"])],
          ["Sec-Fetch-Dest", chance.pick(["empty", "image", "iframe", "script", "object"])],
        ]),
        true,
      );
    default:
      return attack(
        framed([
          ["Host", "attacker.example.com"],
          ["X-Forwarded-Host", host],
          ["X-Host", host],
          ["Forwarded", `host=${host}`],
          ["X-Original-Host", host],
        ]),
        true,
      );
  }
}

function isOwnName(name: string): boolean {
  return /^\s*(localhost|[^\s@:/?#\\,]*\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?\s*$/i.test(name);
}

/** Spellings under which something in between might take a header for the one that names the user. */
const spellings = [
  "X-Forwarded-User",
  "x-forwarded-user",
  "X-FORWARDED-USER",
  "X_Forwarded_User",
  "X-Forwarded_User",
  "X_FORWARDED_USER",
  "X-Forwarded-User ",
  " X-Forwarded-User",
  "X-Forwarded-User\t",
  "X-Forwarded-User\0",
  "X.Forwarded.User",
  "X-Forwarded-Uſer",
  "HTTP_X_FORWARDED_USER",
  "X-Throughline-Identity",
  "x_throughline_identity",
  "X-Remote-User",
  "Remote-User",
  "X-Forwarded-Email",
  "X-Forwarded-Preferred-Username",
  "X-Middleware-Request-X-Forwarded-User",
  "Impersonate-User",
] as const;

const identity = Buffer.from(JSON.stringify({ user: intruder, groups: ["system:masters"] })).toString(
  "base64url",
);

/** Somebody names a user, past the proxy or through it. */
export function proxyAttack(chance: Chance, host: string): Attack {
  const from = chance.below(2) === 0 ? "proxy" : "elsewhere";
  const own: readonly Header[] = [
    ["Host", host],
    ["Connection", "close"],
  ];
  const known: readonly Header[] = [
    ["X-Forwarded-User", member],
    ["X-Forwarded-Groups", "payments"],
  ];
  const value = chance.pick([
    intruder,
    `${intruder},${member}`,
    `${member}, ${intruder}`,
    ` ${intruder}`,
    `"${intruder}"`,
    identity,
  ]);
  const posed: Header = [chance.pick(spellings), value];
  const line = `GET ${chance.pick(["/auth/me", "/auth/me", ...questions])} HTTP/1.1`;
  // From the proxy, its own headers are there, and what a client sent beside them must change nothing.
  const theirs = from === "proxy" ? known : [];
  const attack = (bytes: Buffer, isWhole = false): Attack => ({
    bytes,
    from,
    isWhole,
    maySee: from === "proxy",
  });
  switch (chance.below(8)) {
    case 0:
      return attack(message(line, [...own, ...theirs, posed]));
    case 1:
      return attack(message(line, [...own, posed, ...theirs]));
    // A line that is folded onto the next, as HTTP once had it.
    case 2:
      return attack(message(line, [...own, ...theirs, ["X-Note", `a\r\n ${posed[0]}: ${value}`]]));
    case 3:
      return attack(
        message(line, [
          ...own,
          ...theirs,
          [
            "X-Note",
            chance.pick([
              `a\n${posed[0]}: ${value}`,
              `a\r${posed[0]}: ${value}`,
              `a\0\r\n\t${posed[0]}: ${value}`,
            ]),
          ],
        ]),
      );
    case 4:
      return attack(smuggled(chance, host, theirs));
    case 5:
      return attack(
        message(line, [
          ...own,
          ...theirs,
          ["X-Forwarded-Groups", "system:masters"],
          ["X-Forwarded-For", "127.0.0.1"],
          ["X-Real-IP", "127.0.0.1"],
          ["Forwarded", "for=127.0.0.1"],
        ]),
        true,
      );
    case 6:
      return attack(
        message(damagedText(line, chance), [...own, ...theirs, ["Connection", "X-Forwarded-User"], posed]),
      );
    default: {
      const [name, text] = [damagedText(posed[0], chance), damagedText(value, chance)];
      return attack(message(line, [...own, ...theirs, [name, text]]));
    }
  }
}

/** A second request that a proxy in between would take to be a body of the first, so that its own headers were not put on it. */
function smuggled(chance: Chance, host: string, theirs: readonly Header[]): Buffer {
  const second = `GET /auth/me HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-User: ${intruder}\r\n\r\n`;
  const body = `${chance.pick(["0\r\n\r\n", "1\r\nZ\r\n0\r\n\r\n", "0\n\n", ""])}${second}`;
  const length: Header = ["Content-Length", String(body.length)];
  const encodings: readonly [Header, ...Header[]] = [
    ["Transfer-Encoding", "chunked"],
    ["Transfer-Encoding", "xchunked"],
    ["Transfer-Encoding", " \tchunked"],
    ["Transfer-Encoding", "identity"],
    ["Transfer-encoding", "cow, chunked"],
    ["Transfer-Encoding ", "chunked"],
    [" Transfer-Encoding", "chunked"],
    ["X: X\nTransfer-Encoding", "chunked"],
    ["Transfer-Encoding\n ", "chunked"],
  ];
  const framing: readonly Header[] =
    chance.below(2) === 0 ? [length, chance.pick(encodings)] : [chance.pick(encodings), length];
  return message("POST /auth/me HTTP/1.1", [["Host", host], ...theirs, ...framing], Buffer.from(body));
}
