/** Paths of Ingresses that get no request, since another path of their host comes before them. */
import type { ObjectId } from "#lib/model/ids.ts";
import type { Ingress, IngressPath } from "#lib/model/objects.ts";
import type { Facts, IngressFacts } from "../facts.ts";
import { nginxAnnotations } from "../nginx-annotations.ts";
import { looksLikePattern, matchesPattern, plainHead } from "./http-path.ts";
import { httpConfiguration } from "./http-ways.ts";
import type { IngressGroup } from "./ingress-groups.ts";
import { type IngressPathAt, pathKey, pathsOf, rulesOf, sameBackend } from "./ingress-paths.ts";

export interface ShadowedPath {
  readonly lost: IngressPathAt;
  readonly winner: IngressPathAt;
  /**
   * `twice`: the same Ingress has the same path again. `pattern`: ingress-nginx reads all paths of the host as regular
   * expressions, the longest first. `order`: the AWS controller keeps to the order of such paths.
   */
  readonly why: "twice" | "pattern" | "order";
}

/** By Ingress, rule and path. Paths that lead to the same backend are left out: nobody misses those. */
export function shadowedPaths(facts: Facts): readonly ShadowedPath[] {
  const { groups } = httpConfiguration(facts);
  return [
    ...[...facts.ingresses.values()].flatMap((each) => [...twice(each), ...outOfOrder(each)]),
    ...groups.flatMap((group) => byPatterns(group)),
  ].filter(({ lost, winner }) => !sameBackend(lost, winner));
}

function twice(facts: IngressFacts): readonly ShadowedPath[] {
  const first = new Map<string, IngressPathAt>();
  return rulesOf(facts)
    .flatMap(pathsOf)
    .flatMap((lost) => {
      const key = pathKey(lost.at.host, lost.path);
      const winner = first.get(key);
      if (winner !== undefined) return [{ lost, winner, why: "twice" } as const];
      if (isUnconditional(facts.ingress, lost)) first.set(key, lost);
      return [];
    });
}

const awsController = /^(ingress\.k8s\.aws|eks\.amazonaws\.com)\/alb$/;

/** Exact paths, then prefixes, the longest first, then the rest as it stands (AWS Load Balancer Controller). */
function outOfOrder(facts: IngressFacts): readonly ShadowedPath[] {
  const { class: found, ingress } = facts;
  if (found.state !== "found" || !awsController.test(found.class.controller)) return [];
  return rulesOf(facts).flatMap((at) => {
    const ordered = pathsOf(at).toSorted((a, b) => rank(a) - rank(b) || lengthOf(b) - lengthOf(a));
    return ordered.flatMap((lost, i) => {
      if (lost.path.pathType !== "ImplementationSpecific") return [];
      const winner = ordered
        .slice(0, i)
        .find((before) => isUnconditional(ingress, before) && coversGlob(before.path, lost.path.path));
      return winner === undefined ? [] : [{ lost, winner, why: "order" } as const];
    });
  });
}

const ranks = { Exact: 0, Prefix: 1, ImplementationSpecific: 2 } as const;

function rank({ path }: IngressPathAt): number {
  return ranks[path.pathType];
}

function lengthOf({ path }: IngressPathAt): number {
  return path.pathType === "Prefix" ? path.path.length : 0;
}

/** A backend that an annotation answers for, or has conditions for, may leave requests to the paths behind it. */
export function isUnconditional({ annotations }: Ingress, { path: { backend } }: IngressPathAt): boolean {
  return (
    backend.kind === "service" &&
    backend.port !== "use-annotation" &&
    annotations[`alb.ingress.kubernetes.io/conditions.${backend.name}`] === undefined
  );
}

/** Whether all that a path with `*` and `?` matches is taken by one before it. */
function coversGlob(before: IngressPath, glob: string): boolean {
  if (before.pathType === "Exact") return false;
  const [head = ""] = glob.split(/[*?]/);
  if (before.pathType === "Prefix") {
    const stem = before.path.replace(/\/$/, "");
    return head.startsWith(`${stem}/`) || glob === stem;
  }
  const stem = before.path.replace(/\*$/, "");
  return before.path === glob || (before.path.endsWith("*") && !/[*?]/.test(stem) && head.startsWith(stem));
}

/**
 * "If the use-regex OR rewrite-target annotation is used on any Ingress for a given host", all paths of the host are
 * expressions without an end, "by descending length" ("Path Priority", ingress-nginx).
 */
function byPatterns({ members, rules }: IngressGroup): readonly ShadowedPath[] {
  const reading = new Map<ObjectId, boolean>(
    members.map((member) => [member.ingress.id, nginxAnnotations(member).readsPatterns]),
  );
  if (![...reading.values()].includes(true)) return [];
  const canaries = new Set(
    members.filter((each) => nginxAnnotations(each).isCanary).map(({ ingress }) => ingress.id),
  );
  return ["", ...rules.hostnames].flatMap((hostname) => {
    const here = rules.of(hostname).filter(({ facts: { ingress } }) => !canaries.has(ingress.id));
    if (!here.some(({ facts: { ingress } }) => reading.get(ingress.id) === true)) return [];
    const paths = here.flatMap(pathsOf);
    const patterns = paths
      .filter(({ path }) => looksLikePattern(path.path))
      .toSorted((a, b) => b.path.path.length - a.path.path.length);
    return paths.flatMap((lost) => {
      const { path: plain } = lost.path;
      if (looksLikePattern(plain)) return [];
      // A prefix is read with a slash at its end.
      const longer = patterns.filter(({ path }) => path.path.length > plain.length + 1);
      const winner = longer.find(({ path }) => takesAllOf(path.path, lost.path));
      return winner === undefined ? [] : [{ lost, winner, why: "pattern" } as const];
    });
  });
}

/** Tried on the requests that the plain path is for; of type ImplementationSpecific, all that begin with it. */
function takesAllOf(pattern: string, { path, pathType }: IngressPath): boolean {
  // Cheap before the rest: what comes before its first special character has to be there.
  if (!path.startsWith(plainHead(pattern).slice(0, -1))) return false;
  const stem = path.replace(/\/$/, "");
  const samples = {
    Exact: [path],
    Prefix: [path, `${stem}/`, `${stem}/x/y.html`],
    ImplementationSpecific: [path, `${stem}/`, `${stem}/x/y.html`, `${path}x`],
  }[pathType];
  return samples.every((sample) => matchesPattern(sample, `(?:${pattern}).*`) === true);
}
