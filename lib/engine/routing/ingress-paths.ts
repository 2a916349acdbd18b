/** Paths of Ingresses with their places, and when two of them are for the same requests. */
import type { IngressBackend, IngressPath } from "#lib/model/objects.ts";
import type { IngressFacts } from "../facts.ts";
import { normalHostname } from "../hostname.ts";

/** A rule with its place in the Ingress. */
export interface IngressRuleAt {
  readonly facts: IngressFacts;
  /** Index in `spec.rules`. */
  readonly rule: number;
  readonly host: string | undefined;
  readonly paths: readonly IngressPath[];
}

/** A path of a rule with its place: `spec.rules[rule].http.paths[index]`. */
export interface IngressPathAt {
  readonly at: IngressRuleAt;
  readonly index: number;
  readonly path: IngressPath;
}

export function rulesOf(facts: IngressFacts): readonly IngressRuleAt[] {
  return facts.ingress.rules.map(({ host, paths }, rule) => ({ facts, rule, host, paths }));
}

export function pathsOf(at: IngressRuleAt): readonly IngressPathAt[] {
  return at.paths.map((path, index) => ({ at, index, path }));
}

/** `spec.rules[0].http.paths[1]`. */
export function pathOf({ at, index }: IngressPathAt): string {
  return `spec.rules[${at.rule}].http.paths[${index}]`;
}

/** What two paths have in common that are for the same requests, whatever the controller. */
export function pathKey(
  host: string | undefined,
  { pathType, path }: Pick<IngressPath, "pathType" | "path">,
): string {
  return `${normalHostname(host ?? "")} ${pathType} ${path}`;
}

export function sameBackend(a: IngressPathAt, b: IngressPathAt): boolean {
  return (
    a.at.facts.ingress.namespace === b.at.facts.ingress.namespace &&
    backendKey(a.path.backend) === backendKey(b.path.backend)
  );
}

export function backendKey(backend: IngressBackend): string {
  return backend.kind === "service"
    ? `${backend.name}:${backend.port}`
    : `${backend.apiKind}/${backend.name}`;
}
