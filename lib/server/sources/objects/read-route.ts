import { z } from "zod";
import type { Origin, Route, RouteKind, RouteMatch, RouteRule } from "#lib/model/objects.ts";
import { list, requiredText, text } from "./api-shapes.ts";
import {
  backendRef,
  backendRefOf,
  parentRef,
  parentRefOf,
  parentsOf,
  routeStatus,
} from "./gateway-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional } from "./string-pool.ts";

const values = list(z.object({ type: text, name: requiredText, value: z.string() }));

const httpMatch = z.object({
  path: z.object({ type: text, value: text }).nullish(),
  method: text,
  headers: values,
  queryParams: values,
});

const grpcMatch = z.object({
  method: z.object({ type: text, service: text, method: text }).nullish(),
  headers: values,
});

/** What the kinds share; `matches` is what differs. */
function shapeWith<M extends z.ZodType>(match: M) {
  return z.object({
    spec: z.object({
      parentRefs: list(parentRef),
      hostnames: list(z.string()),
      rules: list(
        z.object({
          name: text,
          matches: list(match),
          backendRefs: list(backendRef),
          filters: list(z.object({ type: requiredText })),
        }),
      ),
    }),
    status: routeStatus,
  });
}

const httpShape = shapeWith(httpMatch);
const grpcShape = shapeWith(grpcMatch);
/** TLSRoute, TCPRoute and UDPRoute have no matches. */
const plainShape = shapeWith(z.never());

/** v1, v1beta1 and v1alpha2 write what the model reads in the same way. */
export function readRoute(kind: RouteKind, raw: Raw, origin: Origin | undefined): Reading<Route> {
  switch (kind) {
    case "http-route":
      return read(kind, raw, origin, httpShape, httpMatchOf, everyPath);
    case "grpc-route":
      return read(kind, raw, origin, grpcShape, grpcMatchOf, everyCall);
    case "tls-route":
    case "tcp-route":
    case "udp-route":
      return read(kind, raw, origin, plainShape, (match: never) => match, undefined);
  }
}

/** The CRDs give a rule without matches (and an HTTPRoute without rules) one that matches everything. */
const everyPath: RouteMatch = { path: { type: "PathPrefix", value: "/" }, headers: [], query: [] };
const everyCall: RouteMatch = { headers: [], query: [] };

function read<M extends z.ZodType>(
  kind: RouteKind,
  raw: Raw,
  origin: Origin | undefined,
  shape: ReturnType<typeof shapeWith<M>>,
  matchOf: (match: z.infer<M>) => RouteMatch,
  fallback: RouteMatch | undefined,
): Reading<Route> {
  return readNamespaced(kind, raw, origin, shape, (meta, { spec, status }) => {
    const rules = (spec.rules ?? []).map((rule): RouteRule => {
      const matches = (rule.matches ?? []).map(matchOf);
      return {
        name: internOptional(rule.name),
        matches: matches.length > 0 || fallback === undefined ? matches : [fallback],
        backendRefs: (rule.backendRefs ?? []).map((ref) => backendRefOf(ref, meta.namespace)),
        filters: (rule.filters ?? []).map(({ type }) => intern(type)),
      };
    });
    return {
      kind,
      ...meta,
      parentRefs: (spec.parentRefs ?? []).map((ref) => parentRefOf(ref, meta.namespace)),
      hostnames: (spec.hostnames ?? []).map(intern),
      rules:
        kind === "http-route" && !spec.rules
          ? [{ matches: [everyPath], backendRefs: [], filters: [] }]
          : rules,
      parents: parentsOf(status, meta.namespace),
    };
  });
}

function httpMatchOf(match: z.infer<typeof httpMatch>): RouteMatch {
  return {
    path: { type: intern(match.path?.type || "PathPrefix"), value: intern(match.path?.value || "/") },
    method: internOptional(match.method),
    headers: valuesOf(match.headers),
    query: valuesOf(match.queryParams),
  };
}

/** A gRPC call is an HTTP/2 POST to `/service/method`, so a method match is a path match. */
function grpcMatchOf(match: z.infer<typeof grpcMatch>): RouteMatch {
  return { path: grpcPathOf(match.method), headers: valuesOf(match.headers), query: [] };
}

function grpcPathOf(call: z.infer<typeof grpcMatch>["method"]): RouteMatch["path"] {
  const { service, method } = call ?? {};
  if (!service && !method) return undefined;
  if (call?.type === "RegularExpression") {
    return { type: "RegularExpression", value: `/${service || "[^/]+"}/${method || "[^/]+"}` };
  }
  if (!method) return { type: "PathPrefix", value: `/${service}` };
  return service
    ? { type: "Exact", value: `/${service}/${method}` }
    : { type: "RegularExpression", value: `/[^/]+/${method.replaceAll(".", "\\.")}` };
}

function valuesOf(value: z.infer<typeof values>): RouteMatch["headers"] {
  return (value ?? []).map((v) => ({
    type: intern(v.type || "Exact"),
    name: intern(v.name),
    value: intern(v.value),
  }));
}
