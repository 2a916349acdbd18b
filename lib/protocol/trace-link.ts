/** The grammar of a trace's link: the question, and which hop is open. `/trace?from=…&to=…&port=…`. */
import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";

export const protocols = ["TCP", "UDP", "SCTP"] as const;

export const traceParsers = {
  cluster: parseAsString,
  from: parseAsString.withDefault(""),
  to: parseAsString.withDefault(""),
  /** A number or a port's name. */
  port: parseAsString.withDefault(""),
  protocol: parseAsStringLiteral(protocols).withDefault("TCP"),
  /** The hop that is open, counted from 1; absent: the first that fails. 0: none. */
  hop: parseAsInteger,
};

export type TraceLink = inferParserType<typeof traceParsers>;

export const loadTraceLink = createLoader(traceParsers);

const serialize = createSerializer(traceParsers);

/** The address of a trace; what is not given is asked for there. */
export function traceLinkTo(link: Partial<TraceLink>): string {
  return serialize("/trace", link);
}

/** Whether it asks anything. */
export function isAsked({ from, to }: Pick<TraceLink, "from" | "to">): boolean {
  return from !== "" && to !== "";
}

/** The part that the API takes. */
export function traceQueryOf({ from, to, port, protocol }: Partial<TraceLink>): URLSearchParams {
  const query = new URLSearchParams({ from: from ?? "", to: to ?? "" });
  if (port !== undefined && port !== "") query.set("port", port);
  if (protocol !== undefined && protocol !== "TCP") query.set("protocol", protocol);
  return query;
}
