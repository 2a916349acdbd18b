/** A question as it is written in links, on the command line and in files, taken apart without looking anything up. */
import { endText } from "#lib/model/end-text.ts";
import type { ObjectRef } from "#lib/model/ids.ts";
import { type Kind, kindFromWord, kinds } from "#lib/model/kinds.ts";
import type { Protocol } from "#lib/model/objects.ts";
import type { QuestionProblem } from "#lib/model/trace.ts";
import { type Cidr, canonicalAddress, parseAddress, parseCidr } from "../cidr.ts";
import { nearestOf } from "../near-words.ts";
import { defaultPort, isGrpc, isTls, urlInWords } from "../routing/http-scheme.ts";
import type { HttpRequest } from "../routing/http-way.ts";
import { nameFault } from "../routing/name-shape.ts";

export interface Question {
  readonly from: EndRef;
  readonly to: EndRef;
  /** A number, or a port's name; undefined: any port that the target serves. */
  readonly port: number | string | undefined;
  readonly protocol: Protocol;
}

export type EndRef = { readonly text: string } & (
  | { readonly kind: "internet" }
  | { readonly kind: "addresses"; readonly block: Cidr }
  | { readonly kind: "object"; readonly ref: ObjectRef }
  /** A DNS name as the other end's pods would write it. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "url"; readonly request: HttpRequest }
);

export interface QuestionText {
  readonly from: string;
  readonly to: string;
  readonly port?: string | number | undefined;
  readonly protocol?: string | undefined;
}

export type Parsed<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "problem"; readonly problem: QuestionProblem };

/**
 * Takes a question apart. Ends: `namespace/kind/name` or `kind/namespace/name` (a kind in any spelling), `namespace/name`
 * (a pod), `node/name`, an IP, a CIDR, `internet`; as `to` also a Service, a DNS name or a URL. A port in the `to`
 * (`cart.shop:80`, `shop/service/cart:80`, a URL's) counts where none is given beside it.
 */
export function parseQuestion(text: QuestionText): Parsed<Question> {
  const from = parseEnd("from", text.from);
  if (from.kind === "problem") return from;
  const to = parseEnd("to", text.to);
  if (to.kind === "problem") return to;
  const protocol = parseProtocol(text.protocol);
  if (protocol.kind === "problem") return protocol;
  const given = String(text.port ?? "").trim() === "" ? undefined : text.port;
  const port = parsePort(given ?? to.value.port);
  if (port.kind === "problem") return port;
  const asked = { from: from.value.end, to: to.value.end, port: port.value, protocol: protocol.value };
  return asked.to.kind === "url"
    ? askedByUrl(asked, asked.to, given !== undefined)
    : { kind: "ok", value: asked };
}

type UrlRef = Extract<EndRef, { kind: "url" }>;

/** A port beside a URL is the request's, and requests come by TCP. */
function askedByUrl(asked: Question, { request, text }: UrlRef, besides: boolean): Parsed<Question> {
  const { port, protocol } = asked;
  if (protocol !== "TCP") return problem("protocol", `${text} is asked for by TCP, not ${protocol}`, ["TCP"]);
  if (typeof port === "string")
    return problem("port", `${port} is a port's name, and the port of a URL is a number`);
  if (!besides || port === undefined) return { kind: "ok", value: asked };
  return { kind: "ok", value: { ...asked, to: urlEnd({ ...request, port }) } };
}

function problem(field: QuestionProblem["field"], sentence: string, nearest: readonly string[] = []) {
  return { kind: "problem", problem: { field, sentence, nearest } } as const;
}

export interface ParsedEnd {
  readonly end: EndRef;
  /** That stood in the end itself. */
  readonly port: number | undefined;
}

const forms = {
  from: "namespace/kind/name, namespace/name (a pod), an IP, a CIDR or internet",
  to: "namespace/kind/name, namespace/name (a pod), an IP, a CIDR, internet, a DNS name or a URL",
} as const;

/** One end taken apart; a port that stands in it comes beside it. */
export function parseEnd(field: "from" | "to", given: string): Parsed<ParsedEnd> {
  const text = given.trim();
  const ok = (end: EndRef, port?: number): Parsed<ParsedEnd> => ({ kind: "ok", value: { end, port } });
  if (text === "") return problem(field, `${field} is empty; it takes ${forms[field]}`);
  if (text.toLowerCase() === "internet") return ok({ kind: "internet", text: "internet" });
  if (/^[a-z]+:\/\//i.test(text)) return parseUrl(field, text);
  const block = blockOf(text);
  if (block !== undefined) return ok({ kind: "addresses", text: block.text, block });
  const { bare, port } = withoutPort(text);
  if (port !== undefined && field === "from")
    return problem(field, `${text} has a port, and a source has none; ${bare} is enough`, [bare]);
  const socket = blockOf(bare.replace(/^\[(.*)\]$/, "$1"));
  if (socket !== undefined) return ok({ kind: "addresses", text: socket.text, block: socket }, port);
  if (/^[\d.]+(\/\d*)?$/.test(bare) || bare.includes("::"))
    return problem(field, `${text} is no IP address and no CIDR`);
  if (bare.includes("/")) return parseObject(field, bare, port);
  if (field === "from")
    return problem(field, `${text} is no source; from takes ${forms.from}`, podsNamed(bare));
  const fault = nameFault(bare.replace(/\.$/, ""));
  return fault === undefined
    ? ok({ kind: "name", text: bare, name: bare }, port)
    : problem(field, `${fault}; to takes ${forms.to}`);
}

/** An address or a block; addresses are compared by their text, so that they have one spelling. */
function blockOf(text: string): Cidr | undefined {
  const canonical = canonicalAddress(text);
  return parseAddress(canonical) ?? parseCidr(canonical);
}

/** The pod that a name may have been meant for: `web.shop` as DNS has it, `web` in the namespace that kubectl takes. */
function podsNamed(name: string): readonly string[] {
  const [first = "", second, ...more] = name.split(".");
  if (second === undefined) return [`default/${first}`];
  return more.length === 0 ? [`${second}/${first}`] : [];
}

/** `cart.shop:80` in its parts. Of an IPv6 address only brackets tell where it ends. */
function withoutPort(text: string): { readonly bare: string; readonly port: number | undefined } {
  const [, bare, port] = /^(.*[^:]):(\d{1,6})$/.exec(text) ?? [];
  const isPart = bare?.includes(":") === true && !/^\[.*\]$/.test(bare);
  return bare === undefined || isPart ? { bare: text, port: undefined } : { bare, port: Number(port) };
}

function parseObject(field: "from" | "to", text: string, port: number | undefined): Parsed<ParsedEnd> {
  const parts = text.split("/");
  const ok = (kind: Kind, namespace: string | undefined, name: string): Parsed<ParsedEnd> => {
    const ref = { kind, namespace, name };
    return { kind: "ok", value: { end: { kind: "object", text: endText(ref), ref }, port } };
  };
  if (parts.some((part) => part === "") || parts.length > 3)
    return problem(field, `${text} names no object; ${field} takes ${forms[field]}`);
  const [first = "", second = "", third] = parts;
  if (third === undefined) {
    const kind = kindFromWord(first);
    if (kind !== undefined && !kinds[kind].namespaced)
      return checkKind(field, text, kind, () => ok(kind, undefined, second));
    return ok("pod", first, second);
  }
  const middle = kindFromWord(second);
  if (middle !== undefined && kinds[middle].namespaced)
    return checkKind(field, text, middle, () => ok(middle, first, third));
  const leading = kindFromWord(first);
  if (leading !== undefined && kinds[leading].namespaced)
    return checkKind(field, text, leading, () => ok(leading, second, third));
  const near = nearestOf(second.toLowerCase(), field === "to" ? [...sources, "service"] : sources);
  const nearest = near === undefined ? [] : [`${first}/${near.replaceAll("-", "")}/${third}`];
  return problem(
    field,
    `${second} is no kind that Throughline reads; ${field} takes ${forms[field]}`,
    nearest,
  );
}

const sources: readonly Kind[] = [
  "pod",
  "deployment",
  "replica-set",
  "stateful-set",
  "daemon-set",
  "job",
  "cron-job",
  "node",
];

function checkKind<T>(field: "from" | "to", text: string, kind: Kind, ok: () => Parsed<T>): Parsed<T> {
  if (sources.includes(kind) || (field === "to" && kind === "service")) return ok();
  const api = kinds[kind].api;
  const wanted = field === "from" ? "a workload, a pod or a node" : "a Service, a workload, a pod or a node";
  return problem(
    field,
    `${text} is ${article(api)} ${api}, which ${field === "from" ? "sends" : "takes"} no packets; name ${wanted}`,
  );
}

function article(word: string): string {
  return /^[AEIOU]/.test(word) ? "an" : "a";
}

const schemes = ["http", "https", "grpc", "grpcs"] as const;

function parseUrl(field: "from" | "to", text: string): Parsed<ParsedEnd> {
  if (field === "from") return problem(field, `${text} is a URL, and only packets to one can be asked about`);
  const scheme = schemes.find((each) => text.toLowerCase().startsWith(`${each}://`));
  if (scheme === undefined)
    return problem(field, `${text} is no URL of a scheme that is served here: ${schemes.join(", ")}`);
  // Only the web's own schemes are taken apart in full.
  const asHttp = text.replace(/^[a-z]+:/i, isTls(scheme) ? "https:" : "http:");
  if (!URL.canParse(asHttp)) return problem(field, `${text} is no URL`);
  const url = new URL(asHttp);
  const host = url.hostname.replace(/\.$/, "");
  const port = url.port === "" ? defaultPort(scheme) : Number(url.port);
  const request: HttpRequest = {
    scheme,
    host,
    port,
    path: url.pathname,
    query: url.search.slice(1),
    method: isGrpc(scheme) ? "POST" : "GET",
  };
  return { kind: "ok", value: { end: urlEnd(request), port } };
}

function urlEnd(request: HttpRequest): UrlRef {
  return { kind: "url", text: urlOf(request), request };
}

/** "https://shop.example.com/cart?id=1". */
export function urlOf(request: HttpRequest): string {
  return `${urlInWords(request)}${request.query === "" ? "" : `?${request.query}`}`;
}

function parsePort(given: string | number | undefined): Parsed<number | string | undefined> {
  if (given === undefined) return { kind: "ok", value: undefined };
  const text = String(given).trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return Number.isInteger(number) && number >= 1 && number <= 65_535
      ? { kind: "ok", value: number }
      : problem("port", `${text} is no port; ports are whole numbers from 1 to 65535, or a port's name`);
  }
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text)
    ? { kind: "ok", value: text }
    : problem(
        "port",
        `${text.slice(0, 60)} is no port; ports are whole numbers from 1 to 65535, or a port's name`,
      );
}

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

function parseProtocol(given: string | undefined): Parsed<Protocol> {
  if (given === undefined || given === "") return { kind: "ok", value: "TCP" };
  const found = protocols.find((protocol) => protocol === given.trim().toUpperCase());
  return found === undefined
    ? problem(
        "protocol",
        `${given.slice(0, 60)} is no protocol that Services and policies know; it may be TCP, UDP or SCTP`,
        [...protocols],
      )
    : { kind: "ok", value: found };
}
