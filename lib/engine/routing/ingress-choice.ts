import type { IngressPath } from "#lib/model/objects.ts";
import type { IngressFacts } from "../facts.ts";
import { nginxAnnotations } from "../nginx-annotations.ts";
import { compareHostFits, type HostFit } from "./http-host.ts";
import { isUnder, looksLikePattern, matchesPattern, matchesStart, plainHead } from "./http-path.ts";
import type { HttpRequest } from "./http-way.ts";
import type { IngressGroup } from "./ingress-groups.ts";
import { type IngressPathAt, type IngressRuleAt, pathsOf } from "./ingress-paths.ts";

/** What the Ingresses of one class do with a request. */
export type IngressChoice =
  | {
      readonly kind: "path";
      readonly fit: HostFit;
      readonly chosen: IngressPathAt;
      /** The same path of the same host elsewhere, which comes to nothing. */
      readonly twin?: IngressPathAt | undefined;
      /** It was read as a regular expression, as annotations ask. */
      readonly byExpression?: true | undefined;
    }
  /**
   * A path that looks like a regular expression would take it; `tried`: it does, as JavaScript reads it. Or one whose
   * controller decides what it takes, of which the request's path is a longer word: `/app` of `/apple`.
   */
  | {
      readonly kind: "pattern" | "longer-word";
      readonly fit: HostFit;
      readonly pattern: IngressPathAt;
      readonly tried: boolean;
      /** It is read as a regular expression, as annotations ask. */
      readonly isRead?: true | undefined;
    }
  | {
      readonly kind: "default";
      readonly fit: HostFit;
      readonly facts: IngressFacts;
      /** Whose default it is: of every request, of the hosts of its own rules, or of requests for hosts without a rule. */
      readonly of: "everything" | "its-hosts" | "other-hosts";
      readonly passed: readonly IngressPathAt[];
    }
  | {
      readonly kind: "none";
      readonly fit: HostFit;
      readonly facts: IngressFacts;
      /** The paths that the host has. */
      readonly passed: readonly IngressPathAt[];
    };

const anyHost: HostFit = { kind: "any", characters: 0 };

/**
 * Host before path, as networking.k8s.io/v1 has it ("Incoming requests are first evaluated for a host match"): once a
 * hostname is found, rules of wider hostnames are not asked any more, and what no path takes is left to the default
 * backend. Undefined: nothing of this class is about the host.
 */
export function chooseIngress(
  group: IngressGroup,
  { host, path }: Pick<HttpRequest, "host" | "path">,
): IngressChoice | undefined {
  const fitting = group.rules.find(host);
  const fit = fitting[0]?.fit;
  if (fit === undefined) return forOtherHosts(group);
  const rules = fitting.filter((each) => compareHostFits(each.fit, fit) === 0).map(({ item }) => item);
  const paths = rules.flatMap(pathsOf);
  const isRead = readsExpressions(rules);
  const expression = isRead ? byExpression(paths, path) : undefined;
  if (expression !== undefined) return { fit, ...expression };
  const taking = isRead ? [] : paths.filter((each) => takes(each.path, path));
  const [chosen, ...others] = taking.sort(byPrecedence);
  const patterns = isRead ? [] : patternsOf(paths, path);
  const pattern = patterns.find((each) => chosen === undefined || byPrecedence(each.pattern, chosen) <= 0);
  if (pattern !== undefined) return { fit, ...pattern };
  if (chosen !== undefined) {
    const twin = others.find((other) => byPrecedence(chosen, other) === 0);
    return { kind: "path", fit, chosen, twin };
  }
  const own = rules.map(({ facts }) => facts).find(hasDefault);
  if (own !== undefined) return { kind: "default", fit, facts: own, of: "its-hosts", passed: paths };
  const rest = group.members.find(isDefaultOnly);
  if (rest !== undefined) return { kind: "default", fit, facts: rest, of: "everything", passed: paths };
  const [first] = rules;
  return first === undefined ? undefined : { kind: "none", fit, facts: first.facts, passed: paths };
}

/**
 * Whether the paths of a host are read as regular expressions: ingress-nginx does where an annotation of any of its
 * Ingresses asks for it. Of other controllers that is not known.
 */
function readsExpressions(rules: readonly IngressRuleAt[]): boolean {
  return rules.some(({ facts }) => {
    const { readsPatterns, inDoubt } = nginxAnnotations(facts);
    return readsPatterns && !inDoubt;
  });
}

/** "Descending length", without an end, in any case ("Path Priority", ingress-nginx); the first that matches. */
function byExpression(
  paths: readonly IngressPathAt[],
  asked: string,
):
  | Pick<Extract<IngressChoice, { kind: "path" }>, "kind" | "chosen" | "byExpression">
  | Pick<Extract<IngressChoice, { kind: "pattern" | "longer-word" }>, "kind" | "pattern" | "tried" | "isRead">
  | undefined {
  for (const chosen of paths.toSorted((a, b) => b.path.path.length - a.path.path.length)) {
    const matches = matchesStart(asked, chosen.path.path);
    if (matches === true) return { kind: "path", chosen, byExpression: true };
    if (matches === undefined) return { kind: "pattern", pattern: chosen, tried: false, isRead: true };
  }
  return undefined;
}

/** Rules of wider hostnames that would take the path. Controllers that choose by path, not by host first, use them. */
export function widerRule(
  group: IngressGroup,
  { host, path }: Pick<HttpRequest, "host" | "path">,
  than: HostFit,
): IngressPathAt | undefined {
  return group.rules
    .find(host)
    .filter(({ fit }) => compareHostFits(fit, than) > 0)
    .flatMap(({ item }) => pathsOf(item))
    .find((each) => takes(each.path, path));
}

/**
 * The default backend takes "requests that don't match any rule" (IngressSpec). That of an Ingress without rules does
 * so everywhere; of one that has rules, some controllers ask it for the hosts of those rules only.
 */
function forOtherHosts({ members }: IngressGroup): IngressChoice | undefined {
  const rest = members.find(isDefaultOnly);
  if (rest !== undefined) return { kind: "default", fit: anyHost, facts: rest, of: "everything", passed: [] };
  const own = members.find(hasDefault);
  return own === undefined
    ? undefined
    : { kind: "default", fit: anyHost, facts: own, of: "other-hosts", passed: [] };
}

function hasDefault({ ingress }: IngressFacts): boolean {
  return ingress.defaultBackend !== undefined;
}

function isDefaultOnly(facts: IngressFacts): boolean {
  return hasDefault(facts) && facts.ingress.rules.length === 0;
}

/**
 * Paths that would take the request if their controller read them as regular expressions, which annotations tell
 * (ingress-nginx, `use-regex`) and which nothing in the API forbids; the longest first. As an expression such a path
 * need not match to the end. Of ImplementationSpecific paths controllers may make a prefix by characters, too.
 */
function patternsOf(paths: readonly IngressPathAt[], asked: string): readonly MaybePattern[] {
  return paths
    .filter(({ path }) => path.pathType !== "Exact" && !takes(path, asked))
    .sort(byPrecedence)
    .flatMap((pattern): readonly MaybePattern[] => {
      const { path, pathType } = pattern.path;
      if (!looksLikePattern(path))
        return pathType === "ImplementationSpecific" && asked.startsWith(path)
          ? [{ kind: "longer-word", pattern, tried: true }]
          : [];
      const matches = matchesPattern(asked, `${path}.*`);
      if (matches === true) return [{ kind: "pattern", pattern, tried: true }];
      return matches === undefined && asked.startsWith(plainHead(path))
        ? [{ kind: "pattern", pattern, tried: false }]
        : [];
    });
}

type MaybePattern = Pick<
  Extract<IngressChoice, { kind: "pattern" | "longer-word" }>,
  "kind" | "pattern" | "tried"
>;

/** ImplementationSpecific may mean either of the others; a prefix is what most controllers make of it. */
function takes({ path, pathType }: IngressPath, asked: string): boolean {
  return pathType === "Exact" ? asked === path : isUnder(asked, path);
}

/**
 * The longest first, and Exact before Prefix. By characters: "If both paths are present […] the longest matching path
 * (/foo/) is given priority" (PathTypePrefix). Equal ones stay in the order of their Ingresses, the oldest first.
 */
function byPrecedence({ path: a }: IngressPathAt, { path: b }: IngressPathAt): number {
  return Number(b.pathType === "Exact") - Number(a.pathType === "Exact") || b.path.length - a.path.length;
}
