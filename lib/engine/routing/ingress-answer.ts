import { refOf } from "#lib/model/ids.ts";
import type { Facts, IngressFacts } from "../facts.ts";
import { fixIngressPort, fixIngressService } from "../fix/backend-fix.ts";
import { pathNearMiss } from "./http-path.ts";
import type { HttpAnswer, HttpRequest, RuleRef, WeightedBackend } from "./http-way.ts";
import type { IngressChoice } from "./ingress-choice.ts";
import { type IngressPathAt, pathOf } from "./ingress-paths.ts";

/** What the chosen path or default backend does with a request, or why nothing takes it. */
export function ingressAnswer(facts: Facts, choice: IngressChoice, request: HttpRequest): HttpAnswer {
  switch (choice.kind) {
    case "path":
      return toPath(facts, choice.chosen);
    case "pattern":
    case "longer-word": {
      const { at, path } = choice.pattern;
      const { ingress } = at.facts;
      return {
        kind: "unknown",
        sentence:
          choice.kind === "pattern"
            ? `The path ${path.path} of ${ingress.name} ${choice.isRead ? "is a regular expression that is not tried here" : "looks like a regular expression; whether it is read as one is for its controller to say"}`
            : `Whether ImplementationSpecific ${path.path} of ${ingress.name} takes ${request.path} is for its controller to decide`,
        objects: [ingress.id],
        likely: choice.tried ? toPath(facts, choice.pattern) : undefined,
      };
    }
    case "default": {
      const rule = { path: "spec.defaultBackend", words: "default backend" };
      return toBackend(facts, choice.facts, rule, rule.path);
    }
    case "none":
      return {
        kind: "refused",
        reason: "NoMatchingRule",
        sentence: `No path of ${hostOf(choice, request)} takes ${request.path} and there is no default backend, so the answer is 404`,
        object: choice.facts.ingress.id,
        evidence: choice.passed.slice(0, 3).map((passed) => ({
          object: passed.at.facts.ingress.id,
          path: `${pathOf(passed)}.path`,
          value: `${passed.path.pathType} ${passed.path.path}`,
        })),
        nearMiss: pathNearMiss(
          request.path,
          choice.passed.map(({ path }) => path.path),
        ),
      };
  }
}

function toPath(facts: Facts, chosen: IngressPathAt): HttpAnswer {
  const { at, path } = chosen;
  const rule = { path: pathOf(chosen), words: `${path.pathType} ${path.path}` };
  return toBackend(facts, at.facts, rule, `${rule.path}.backend`);
}

/** "every host" for rules that name none. */
function hostOf({ fit, passed }: Extract<IngressChoice, { kind: "none" }>, { host }: HttpRequest): string {
  return fit.kind === "any" ? "every host" : (passed[0]?.at.host ?? host);
}

function toBackend(
  facts: Facts,
  { ingress, backends }: IngressFacts,
  rule: Omit<RuleRef, "object">,
  backendPath: string,
): HttpAnswer {
  const ref = { object: ingress.id, ...rule };
  const fact = backends.find(({ path }) => path === backendPath);
  if (fact === undefined) throw new Error(`no fact about ${backendPath} of ${ingress.id}`);
  if (fact.servicePort === "use-annotation") {
    const sentence = `${ingress.name} leaves the answer for ${rule.words} to an annotation of its controller's, which is not read`;
    return { kind: "unknown", sentence, objects: [ingress.id] };
  }
  return { kind: "backends", rule: ref, backends: [{ fact, share: 1, fix: fixOf(facts, ingress, fact) }] };
}

function fixOf(
  { services, index }: Facts,
  ingress: IngressFacts["ingress"],
  fact: WeightedBackend["fact"],
): WeightedBackend["fix"] {
  if (fact.service === undefined) return undefined;
  switch (fact.state) {
    case "service-missing": {
      const names = (index.servicesByNamespace.get(ingress.namespace) ?? []).map(({ name }) => name);
      return fixIngressService(ingress, fact.path, fact.service, names);
    }
    case "port-missing":
      return fixIngressPort(ingress, fact, services.get(fact.service)?.service, refOf(fact.service).name);
    default:
      return undefined;
  }
}
