import type { Health } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { BackendRef, Route, RouteMatch, RouteRule } from "#lib/model/objects.ts";
import {
  type BackendInputs,
  type BackendVerdict,
  backendTroubles,
  combined,
  healthOfBackends,
  judgeBackend,
} from "./backend.ts";
import type { AttachmentFact, BackendFact, RouteFacts } from "./facts.ts";
import { counted, listed, listedUpTo } from "./object-words.ts";
import { readInFull } from "./read-in-full.ts";
import { referenceGranted } from "./reference-grant.ts";
import { attachments } from "./route-attachment.ts";

export function routeFacts(route: Route, inputs: BackendInputs): RouteFacts {
  const attached = attachments(route, inputs.snapshot, inputs.index);
  const rules = route.rules.map((rule, i) => ruleBackends(route, rule, i, inputs));
  const backends = rules.flat();
  const served = combined(rules.map((rule) => healthOfBackends(rule, inputs.services)));
  return {
    route,
    attachments: attached,
    backends,
    health: healthOf(attached, served),
    sentence: sentenceOf(attached, backends),
  };
}

function ruleBackends(
  route: Route,
  rule: RouteRule,
  i: number,
  inputs: BackendInputs,
): readonly BackendFact[] {
  const place = requestsOfRule(route, rule);
  if (rule.backendRefs.length === 0)
    return noBackend(route, rule, { ...place, path: `spec.rules[${i}].backendRefs` });
  return rule.backendRefs.map((ref, j) => {
    const path = `spec.rules[${i}].backendRefs[${j}]`;
    const evidence = { object: route.id, path, value: refInWords(ref) };
    const isService = ref.group === "" && ref.apiKind === "Service";
    const service = isService ? objectId("service", ref.namespace, ref.name) : undefined;
    return {
      ...place,
      path,
      service,
      servicePort: ref.port,
      weight: ref.weight,
      ...judgeRef(route, ref, inputs),
      evidence,
    };
  });
}

/** Which requests a rule is for, in words. */
export function requestsOfRule(route: Route, rule: RouteRule): Pick<BackendFact, "host" | "match"> {
  return {
    host: route.hostnames.length === 0 ? undefined : route.hostnames.join(", "),
    match: matchesInWords(route, rule),
  };
}

/** A rule that redirects answers by itself; what an extension filter does only its controller knows. */
function noBackend(
  route: Route,
  rule: RouteRule,
  place: Pick<BackendFact, "host" | "match" | "path">,
): readonly BackendFact[] {
  if (rule.filters.some((filter) => filter === "RequestRedirect" || filter === "ExtensionRef")) return [];
  const evidence = { object: route.id, path: place.path, value: "none" };
  return [
    {
      ...place,
      weight: 1,
      state: "service-missing",
      sentence: "the rule names no backend, so requests fail",
      evidence,
    },
  ];
}

function judgeRef(route: Route, ref: BackendRef, inputs: BackendInputs): BackendVerdict {
  if (ref.weight === 0) return { state: "zero-weight", sentence: `weight 0: ${ref.name} is sent nothing` };
  if (ref.group !== "" || ref.apiKind !== "Service") {
    return { state: "not-a-service", sentence: `${ref.apiKind} ${ref.name} is no Service` };
  }
  const service = objectId("service", ref.namespace, ref.name);
  if (ref.namespace === route.namespace) return reported(route, ref, judgeBackend(service, ref.port, inputs));
  const permission = permissionFor(route, ref, inputs);
  if (permission === "denied") {
    return {
      state: "not-permitted",
      sentence: `no ReferenceGrant in ${ref.namespace} lets ${kinds[route.kind].api}s of ${route.namespace} refer to Service ${ref.name}`,
    };
  }
  const verdict = reported(route, ref, judgeBackend(service, ref.port, inputs));
  if (permission === "granted" || verdict.state !== "ok") return verdict;
  const sentence = `whether a ReferenceGrant in ${ref.namespace} permits it could not be read; ${verdict.sentence}`;
  return { ...verdict, state: "unknown", sentence };
}

function permissionFor(
  route: Route,
  ref: BackendRef,
  { snapshot, services }: BackendInputs,
): "granted" | "denied" | "unknown" {
  const reference = {
    fromKind: kinds[route.kind].api,
    fromNamespace: route.namespace,
    toKind: "Service",
    toNamespace: ref.namespace,
    toName: ref.name,
  } as const;
  if (referenceGranted(snapshot.objects.referenceGrants ?? [], reference)) return "granted";
  // A repository with routes alone does not hold the grants, which belong to whoever owns the Service.
  const ownersFiles =
    snapshot.origin !== "manifests" || services.has(objectId("service", ref.namespace, ref.name));
  if (readInFull(snapshot, "referenceGrants") && ownersFiles) return "denied";
  return unresolvedReason(route, ref) === "RefNotPermitted"
    ? "denied"
    : resolvedByStatus(route)
      ? "granted"
      : "unknown";
}

/** Where we cannot judge a backend ourselves, the route's status may. */
function reported(route: Route, ref: BackendRef, verdict: BackendVerdict): BackendVerdict {
  if (verdict.state !== "unknown" || unresolvedReason(route, ref) !== "BackendNotFound") return verdict;
  return {
    state: "service-missing",
    sentence: `Service ${ref.namespace}/${ref.name} was not found, as the route's status says`,
  };
}

/**
 * Why this reference is not resolved, as the route's status has it. ResolvedRefs is one condition for the whole route:
 * it speaks of this backend if there is no other, or if its message names it.
 */
function unresolvedReason(route: Route, ref: BackendRef): string | undefined {
  const refs = route.rules.flatMap((rule) => rule.backendRefs);
  const failed = resolvedRefs(route).find((condition) => condition.status === "False");
  if (failed === undefined) return undefined;
  return refs.length === 1 || failed.message?.includes(ref.name) === true ? failed.reason : undefined;
}

function resolvedByStatus(route: Route): boolean {
  const conditions = resolvedRefs(route);
  return conditions.length > 0 && conditions.every((condition) => condition.status === "True");
}

function resolvedRefs(route: Route) {
  return (route.parents ?? []).flatMap((parent) =>
    parent.conditions.filter((condition) => condition.type === "ResolvedRefs"),
  );
}

function healthOf(attached: readonly AttachmentFact[], served: Health): Health {
  if (attached.length === 0) return "broken";
  const lost = attached.filter(({ state }) => state === "rejected" || state === "parent-missing");
  if (lost.length === attached.length) return "broken";
  if (attached.every(({ state }) => state === "unknown")) return served === "broken" ? "broken" : "unknown";
  // A redirect alone needs no backend: attached, it works.
  const health = served === "idle" && lost.length === 0 ? "ok" : served;
  return lost.length > 0 && health === "ok" ? "partial" : health;
}

function sentenceOf(attached: readonly AttachmentFact[], backends: readonly BackendFact[]): string {
  const lost = attached.filter(({ state }) => state === "rejected" || state === "parent-missing");
  const where =
    attached.length === 0
      ? "names no parent, so nothing serves it"
      : listedUpTo(
          (lost.length > 0 ? lost : attached).map(({ sentence }) => sentence),
          2,
        );
  const troubles = backendTroubles(backends);
  return [where, troubles === "" && lost.length === 0 ? counted(backends.length, "backend") : troubles]
    .filter((part) => part !== "")
    .join("; ");
}

/** "GET /api", "/cart", "every connection"; several matches are alternatives. */
function matchesInWords(route: Route, rule: RouteRule): string {
  if (route.kind === "http-route" || route.kind === "grpc-route") {
    return rule.matches.length === 0 ? "/" : listedUpTo(rule.matches.map(matchInWords), 3);
  }
  return "every connection";
}

function matchInWords({ path, method, headers, query }: RouteMatch): string {
  const conditions = [
    ...headers.map(({ name, value }) => `header ${name}: ${value}`),
    ...query.map(({ name, value }) => `?${name}=${value}`),
  ];
  const where = `${method === undefined ? "" : `${method} `}${path?.value ?? "/"}`;
  return conditions.length === 0 ? where : `${where} with ${listed(conditions)}`;
}

function refInWords(ref: BackendRef): string {
  const kind = ref.apiKind === "Service" ? "" : `${ref.apiKind} `;
  return `${kind}${ref.namespace}/${ref.name}${ref.port === undefined ? "" : `:${ref.port}`}${ref.weight === 1 ? "" : `, weight ${ref.weight}`}`;
}
