/** One thing that somebody sends to a server that is not theirs. */
export interface Attack {
  /** As it goes over the wire. */
  readonly bytes: Buffer;
  /** From the address that the server takes its proxy to be at, or from another one. */
  readonly from: "proxy" | "elsewhere";
  /** The message ends where HTTP says that it does, so an answer is due; else the server may wait for more. */
  readonly isWhole: boolean;
  /** Whether whoever sends it may see the cluster. */
  readonly maySee: boolean;
  /** What to ask next, of the answer's text: of an upload, what became of it. */
  readonly next?: ((answer: string) => Attack | undefined) | undefined;
}

/** A word that every answer about the cluster holds, and that no attack sends. */
export const canary = "kestrel-canary";
/** Whom attacks pose as. No answer may take them for somebody of that name. */
export const intruder = "mallory-the-intruder";
/** Who is signed in, where somebody is. */
export const member = "ada";

/** Names that lead to the server at the other end without being its own, as in DNS rebinding. */
export const foreignHosts = [
  "attacker.example.com",
  "127.0.0.1.attacker.example.com",
  "localhost.attacker.example.com",
  "attacker.example.com:80",
  "0x7f000001",
  "2130706433",
  "127.1",
  "10.0.0.1",
  "[::ffff:10.0.0.1]",
  "localhost.",
  "localhost@attacker.example.com",
  "attacker.example.com#localhost",
  "attacker.example.com, localhost",
  "localhost, attacker.example.com",
  "attacker.example.com\tlocalhost",
  "127.0.0.1\\attacker.example.com",
  "127.0.0.256",
  "localhost:99999999",
  "xn--lclhost-bya",
  "ⓛocalhost",
  "",
  "*",
  "%6c%6f%63%61%6c%68%6f%73%74",
] as const;

export type Header = readonly [name: string, value: string];

/** A request as HTTP/1.1 has it, whatever stands in its parts. Text is sent as UTF-8. */
export function message(
  line: string,
  headers: readonly Header[],
  body: Uint8Array = new Uint8Array(),
): Buffer {
  const head = [line, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\r\n");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}
