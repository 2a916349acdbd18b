/** CoreDNS's configuration, as far as it tells who answers which names (coredns.io, Corefile). */

export interface Corefile {
  readonly servers: readonly ServerBlock[];
  /** It takes in files that are not read, which may hold more blocks. */
  readonly imports: boolean;
}

export interface ServerBlock {
  /** At least one. */
  readonly zones: readonly ServedZone[];
  readonly plugins: readonly Plugin[];
  /** It takes in files that are not read, which may hold more plugins. */
  readonly imports: boolean;
  /** Counts from 1. */
  readonly line: number;
}

export interface ServedZone {
  /** Lower case, without a final dot; empty for the root. */
  readonly zone: string;
  /** Undefined: the one that CoreDNS was started with, 53 as a rule. */
  readonly port: number | undefined;
}

export interface Plugin {
  readonly name: string;
  readonly args: readonly string[];
  readonly line: number;
}

export interface CorefileFault {
  readonly line: number;
  /** "a block is opened here and not closed". */
  readonly why: string;
}

interface Token {
  readonly text: string;
  readonly line: number;
  /** In quotes, so that a brace is only a brace. */
  readonly quoted: boolean;
}

/** Reads a Corefile; what it cannot make sense of is told, as CoreDNS would not start with it. */
export function parseCorefile(
  text: string,
): { readonly corefile: Corefile } | { readonly fault: CorefileFault } {
  const tokens = tokensOf(text);
  const servers: ServerBlock[] = [];
  const snippets = new Map<string, readonly Plugin[]>();
  let imports = false;
  let at = 0;
  while (at < tokens.length) {
    const first = tokens[at];
    if (first === undefined) break;
    if (isBrace(first, "}"))
      return { fault: { line: first.line, why: "a block is closed here that none opens" } };
    if (first.text === "import" && tokens[at + 1]?.line === first.line) {
      imports = true;
      at = nextLine(tokens, at);
      continue;
    }
    const open = tokens.findIndex((token, i) => i >= at && isBrace(token, "{"));
    // The one block of a file may do without braces.
    if (open === -1) {
      if (servers.length + snippets.size > 0) break;
      const end = nextLine(tokens, at);
      const body = pluginsOf(tokens.slice(end), snippets);
      servers.push({ zones: zonesOf(tokens.slice(at, end)), ...body, line: first.line });
      break;
    }
    const close = closingOf(tokens, open);
    if (close === undefined)
      return {
        fault: { line: tokens[open]?.line ?? first.line, why: "a block is opened here and not closed" },
      };
    const body = pluginsOf(tokens.slice(open + 1, close), snippets);
    const snippet = /^\((.+)\)$/.exec(first.text)?.[1];
    if (snippet !== undefined) snippets.set(snippet, body.plugins);
    else servers.push({ zones: zonesOf(tokens.slice(at, open)), ...body, line: first.line });
    at = close + 1;
  }
  return { corefile: { servers, imports } };
}

function isBrace(token: Token | undefined, brace: "{" | "}"): boolean {
  return token !== undefined && !token.quoted && token.text === brace;
}

/** The index of the first token on another line. */
function nextLine(tokens: readonly Token[], from: number): number {
  const line = tokens[from]?.line;
  const next = tokens.findIndex((token, i) => i > from && token.line !== line);
  return next === -1 ? tokens.length : next;
}

function closingOf(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isBrace(tokens[at], "{")) depth++;
    if (isBrace(tokens[at], "}") && --depth === 0) return at;
  }
  return undefined;
}

/** A plugin begins a line; what stands in braces behind it is its own. */
function pluginsOf(
  tokens: readonly Token[],
  snippets: ReadonlyMap<string, readonly Plugin[]>,
): Pick<ServerBlock, "plugins" | "imports"> {
  const plugins: Plugin[] = [];
  let imports = false;
  let at = 0;
  while (at < tokens.length) {
    const first = tokens[at];
    if (first === undefined) break;
    const args: string[] = [];
    let next = at + 1;
    for (; next < tokens.length; next++) {
      const token = tokens[next];
      if (token === undefined || token.line !== first.line) break;
      if (isBrace(token, "{")) {
        next = (closingOf(tokens, next) ?? tokens.length) + 1;
        break;
      }
      args.push(token.text);
    }
    at = next;
    if (first.text !== "import") {
      plugins.push({ name: first.text, args, line: first.line });
      continue;
    }
    const known = snippets.get(args[0] ?? "");
    if (known === undefined) imports = true;
    else plugins.push(...known);
  }
  return { plugins, imports };
}

function zonesOf(tokens: readonly Token[]): readonly ServedZone[] {
  const keys = tokens.flatMap(({ text }) => text.split(",")).filter((key) => key !== "");
  return keys.map((key) => {
    const address = key.replace(/^[a-z]+:\/\//i, "");
    const [, zone = "", port] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
    return { zone: plainZone(zone), port: port === undefined ? undefined : Number(port) };
  });
}

/** As zones are compared. */
export function plainZone(zone: string): string {
  return zone.toLowerCase().replace(/\.$/, "");
}

/** Words, and quoted texts; `#` begins a comment where a word would. */
function tokensOf(text: string): readonly Token[] {
  return text
    .split("\n")
    .flatMap((content, i) =>
      [...content.matchAll(/"((?:[^"\\]|\\.)*)"|(#.*)|(\S+)/g)].flatMap(
        ([, quoted, comment, word = ""]): readonly Token[] =>
          comment === undefined ? [{ text: quoted ?? word, line: i + 1, quoted: quoted !== undefined }] : [],
      ),
    );
}
