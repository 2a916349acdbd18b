/** Requests that HTTP, or this server, knows no sense for: lines, paths, methods, lengths, encodings, framing. */
import type { Chance } from "../cluster/chance.ts";
import { type Attack, type Header, intruder, message } from "./attack.ts";
import { damagedBytes, damagedText, stumblingText } from "./mutate.ts";

/** Addresses that say something about the cluster. */
const inside = [
  "/",
  "/findings",
  "/matrix",
  "/trace?from=a&to=b&port=80",
  "/metrics",
  "/api/v1/clusters",
  "/api/v1/clusters/files/graph",
  "/api/v1/clusters/files/namespaces",
  "/api/v1/clusters/files/findings",
  "/api/v1/clusters/files/search?q=web",
  "/api/v1/clusters/files/reachability?by=namespace",
  "/api/v1/clusters/files/objects/pod/shop/web",
  "/api/v1/clusters/files/services/shop/web",
  "/api/v1/clusters/files/stream?watch=/graph",
] as const;

/** Addresses that are for everybody; some of them begin as others may. */
const open = [
  "/healthz",
  "/readyz",
  "/auth/login",
  "/auth/",
  "/_next/static/",
  "/icon.svg",
  "/auth/me",
] as const;

const stepsUp = [
  "..",
  "%2e%2e",
  ".%2e",
  "%2E.",
  "..;",
  "..%00",
  "%252e%252e",
  "..%2f..",
  "..\\..",
  ".../",
  ".",
] as const;

const methods = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "M-SEARCH",
  "PURGE",
  "QUERY",
  "get",
  "GETS",
  "",
  "G\0T",
  "A".repeat(3_000),
] as const;

const versions = [
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/0.9",
  "HTTP/2.0",
  "HTTP/9.9",
  "http/1.1",
  "HTTP/1.1 x",
  "",
] as const;

/** What frameworks tell themselves in headers, as somebody outside would send it. */
const frameworkHeaders = [
  "rsc",
  "next-router-state-tree",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-url",
  "next-action",
  "next-test-fetch-priority",
  "next-resume",
  "next-html-request-id",
  "next-request-id",
  "x-middleware-subrequest",
  "x-middleware-prefetch",
  "x-middleware-rewrite",
  "x-middleware-override-headers",
  "x-middleware-request-x-throughline-identity",
  "x-middleware-set-cookie",
  "x-matched-path",
  "x-invoke-path",
  "x-invoke-output",
  "x-invoke-status",
  "x-invoke-error",
  "x-invoke-query",
  "x-now-route-matches",
  "x-nextjs-data",
  "x-nextjs-rewritten-path",
  "x-nextjs-postponed",
  "x-prerender-revalidate",
  "x-prerender-revalidate-if-generated",
  "x-next-revalidated-tags",
  "x-next-cache-tags",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-forwarded-for",
  "x-http-method-override",
  "x-original-url",
  "x-rewrite-url",
  "x-nonce",
  "x-throughline-identity",
  "content-security-policy",
  "purpose",
  "range",
  "if-none-match",
  "if-modified-since",
  "accept-encoding",
  "accept",
  "last-event-id",
  "content-type",
  "transfer-encoding",
  "te",
  "trailer",
  "expect",
  "forwarded",
] as const;

const frameworkValues = [
  "1",
  "0",
  "2",
  "",
  "/",
  "/findings",
  "/api/v1/clusters",
  "%",
  "%5B%22%22%5D",
  '["",{"children":["__PAGE__",{}]},null,null,true]',
  "%5B%22%22%2C%7B%22children%22%3A%5B%22__PAGE__%22%2C%7B%7D%5D%7D%5D",
  '{"a":',
  "0".repeat(40),
  `7f${"0".repeat(38)}`,
  "middleware:middleware:middleware:middleware:middleware",
  "src/middleware:src/middleware:src/middleware:src/middleware:src/middleware",
  "attacker.example.com",
  "https",
  "javascript",
  "bytes=0-1,5-4,-0",
  '"a", W/"b", *',
  "gzip;q=nan, br;q=9, zstd, *;q=0",
  "text/html",
  "text/x-component",
  "multipart/form-data; boundary=",
  "100-continue",
  "200-ok",
  Buffer.from(JSON.stringify({ user: intruder, groups: ["system:masters"] })).toString("base64url"),
] as const;

export function requestAttack(chance: Chance, host: string): Attack {
  const own: readonly Header[] = [
    ["Host", host],
    ["Connection", "close"],
  ];
  const attack = (bytes: Buffer, isWhole: boolean): Attack => ({
    bytes,
    from: "proxy",
    isWhole,
    maySee: true,
  });
  const any = () => chance.pick(chance.below(4) === 0 ? open : inside);
  switch (chance.below(10)) {
    case 0: {
      const target = damagedText(any(), chance);
      return attack(message(`GET ${target} HTTP/1.1`, own), isTarget(target));
    }
    case 1: {
      const up = `${chance.pick(stepsUp)}/`.repeat(1 + chance.below(4));
      const target = `${chance.pick(open)}/${up}${chance.pick(inside).slice(1)}`;
      const accepts: Header = ["Accept", chance.pick(["text/html", "*/*", "application/json"])];
      return attack(message(`GET ${target} HTTP/1.1`, [...own, accepts]), isTarget(target));
    }
    case 2: {
      const target = chance.pick([
        `http://${host}${any()}`,
        `http://attacker.example.com${any()}`,
        `http://${host}/healthz/..${any()}`,
        `//${host}${any()}`,
        `//healthz${any()}`,
        `\\${any()}`,
        "*",
        host,
        `file://${any()}`,
        `http:${any()}`,
        `/healthz?${any()}`,
        `/healthz#${any()}`,
        `/%2fhealthz/..${any()}`,
        `/_next/image?url=${encodeURIComponent(`http://${host}${any()}`)}&w=64&q=75`,
        `/_next/image?url=${encodeURIComponent(any())}&w=64&q=75`,
        `/_next/data/build${any()}.json`,
        `${any()}.rsc`,
        `${any()}.segments/_tree.segment.rsc`,
        `${any()}?_rsc=${chance.hex(5)}`,
      ]);
      return attack(message(`GET ${target} HTTP/1.1`, own), isTarget(target));
    }
    case 3: {
      const method = chance.pick(methods);
      const body = Buffer.from(stumblingText(chance).repeat(chance.below(50)));
      const line = `${method} ${any()} ${chance.pick(versions)}`;
      return attack(message(line, [...own, ["Content-Length", String(body.length)]], body), false);
    }
    case 4: {
      const far = chance.pick(["a", "/a", "%41", "a=b&", "../"]).repeat(1_000 * (1 + chance.below(30)));
      const target = `${any()}${chance.pick(["?", "/", "&"])}${far}`;
      return attack(message(`GET ${target} HTTP/1.1`, own), isTarget(target));
    }
    case 5: {
      const many = Array.from(
        { length: 1 + chance.below(3_000) },
        (_, i): Header => [`x-${i}`, "a".repeat(8)],
      );
      const large: Header = [
        chance.pick(["x-large", "cookie", "accept-language"]),
        "a".repeat(chance.below(60_000)),
      ];
      return attack(
        message(`GET ${any()} HTTP/1.1`, [...own, ...(chance.below(2) === 0 ? many : [large])]),
        true,
      );
    }
    case 6: {
      const told = Array.from(
        { length: 1 + chance.below(4) },
        (): Header => [chance.pick(frameworkHeaders), chance.pick(frameworkValues)],
      );
      const method = chance.pick(["GET", "GET", "GET", "HEAD", "POST"]);
      const line = `${method} ${chance.pick([any(), "/", "/findings", "/trace"])} HTTP/1.1`;
      const isFramed = told.some(([name]) => name === "transfer-encoding" || name === "expect");
      return attack(message(line, [...own, ["Content-Length", "0"], ...told]), !isFramed);
    }
    case 7: {
      const whole = message(`GET ${any()} HTTP/1.1`, [...own, ["Accept", "*/*"], ["Cookie", "a=b"]]);
      return attack(damagedBytes(whole, chance), false);
    }
    case 8:
      return attack(misframed(chance, host, any()), false);
    default: {
      const line = `${chance.pick(["POST", "GET", "PUT"])} ${any()} HTTP/1.1`;
      const upgrade: readonly Header[] = [
        ["Host", host],
        ["Connection", chance.pick(["Upgrade", "upgrade, keep-alive", "HTTP2-Settings, Upgrade", "close"])],
        ["Upgrade", chance.pick(["websocket", "h2c", "TLS/1.0", "HTTP/3", ""])],
        ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
        ["Sec-WebSocket-Version", "13"],
      ];
      return attack(message(line, upgrade), false);
    }
  }
}

/** Bodies whose end two readers could take to be in two places, with a second request behind it. */
function misframed(chance: Chance, host: string, target: string): Buffer {
  const second = `GET /api/v1/clusters HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const length = ["Content-Length", String(chance.below(90))] as const;
  const encodings = [
    "chunked",
    "chunked, chunked",
    "identity, chunked",
    "xchunked",
    "chunked\u000b",
    " chunked",
    "gzip",
  ] as const;
  const encoding = ["Transfer-Encoding", chance.pick(encodings)] as const;
  const bodies = [
    `0\r\n\r\n${second}`,
    `5\r\nhello\r\n0\r\n\r\n${second}`,
    `5;${"x".repeat(chance.below(20_000))}\r\nhello\r\n0\r\n\r\n`,
    `ffffffffffffffff\r\nhello`,
    `-1\r\nhello\r\n0\r\n\r\n`,
    `0x5\r\nhello\r\n0\r\n\r\n`,
    `5\nhello\n0\n\n${second}`,
    `5\r\nhello\r\n0\r\nX-Trailer: ${stumblingText(chance)}\r\nHost: attacker.example.com\r\n\r\n`,
    second,
    "",
  ] as const;
  const framings: readonly [readonly Header[], ...(readonly Header[])[]] = [
    [length, encoding],
    [encoding, length],
    [encoding],
    [length, ["content-length", String(chance.below(90))]],
    [
      [
        "Content-Length",
        chance.pick(["+5", "-5", "5, 5", "0x5", "5 ", "5\t", "1e1", "99999999999999999999", ""]),
      ],
    ],
    [["Content-Length ", "5"]],
    [["Transfer-Encoding ", "chunked"]],
    [length, ["Transfer_Encoding", "chunked"]],
  ];
  const path = chance.pick([target, "/api/v1/clusters?name=a.yaml", "/auth/token"]);
  return message(
    `POST ${path} HTTP/1.1`,
    [["Host", host], ...chance.pick(framings)],
    Buffer.from(chance.pick(bodies)),
  );
}

/** Whether a request's line with it is one that HTTP can read. */
function isTarget(target: string): boolean {
  return /^[!-~]+$/.test(target);
}
