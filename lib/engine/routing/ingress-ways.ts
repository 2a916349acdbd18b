import type { Facts, IngressFacts } from "../facts.ts";
import { nginxAnnotations } from "../nginx-annotations.ts";
import { listed } from "../object-words.ts";
import { readInFull } from "../read-in-full.ts";
import { isTls, urlInWords } from "./http-scheme.ts";
import type { HostClaim, HttpAnswer, HttpRequest, HttpWay } from "./http-way.ts";
import { ingressAnswer } from "./ingress-answer.ts";
import { chooseIngress, type IngressChoice, widerRule } from "./ingress-choice.ts";
import { type IngressGroup, memberServing } from "./ingress-groups.ts";
import { pathKey, pathOf } from "./ingress-paths.ts";
import { addressesOf, type IngressServing, ingressInWords } from "./ingress-serving.ts";
import { tlsRemarks } from "./ingress-tls.ts";

export interface IngressWay {
  readonly way: HttpWay;
  readonly serving: IngressServing["kind"];
  readonly claim: HostClaim;
}

/** What the Ingresses of one class do with a request; undefined when none of them is about its host. */
export function ingressWay(facts: Facts, group: IngressGroup, request: HttpRequest): IngressWay | undefined {
  const choice = chooseIngress(group, request);
  if (choice === undefined) return undefined;
  const entry = entryOf(choice);
  const serving = memberServing(group, entry, facts);
  const routed = throughPort(entry, request, ingressAnswer(facts, choice, request));
  const remarks = [
    ...(serving.kind === "served" && serving.remark !== undefined ? [serving.remark] : []),
    ...choiceRemarks(group, choice, request),
    ...tlsRemarks(facts, group, entry, request),
    ...unreadRemarks(facts),
  ];
  return {
    way: {
      entry: entry.ingress.id,
      words: ingressInWords(entry),
      addresses: addressesOf(entry),
      answer: asServed(entry, serving, routed),
      remarks: routed.kind === "refused" && routed.reason === "NoListener" ? [] : remarks,
    },
    serving: serving.kind,
    claim: choice.fit.kind === "any" ? "takes-all" : "names-host",
  };
}

function entryOf(choice: IngressChoice): IngressFacts {
  switch (choice.kind) {
    case "path":
      return choice.chosen.at.facts;
    case "pattern":
    case "longer-word":
      return choice.pattern.at.facts;
    case "default":
    case "none":
      return choice.facts;
  }
}

function asServed({ ingress }: IngressFacts, serving: IngressServing, routed: HttpAnswer): HttpAnswer {
  switch (serving.kind) {
    case "served":
      return routed;
    case "unknown":
      return { kind: "unknown", sentence: serving.sentence, objects: [ingress.id], likely: routed };
    case "nobody": {
      const { evidence, kind, ...fault } = serving;
      return { kind: "refused", ...fault, object: ingress.id, evidence: [evidence] };
    }
  }
}

/** "Currently the port of an Ingress is implicitly :80 for http and :443 for https" (networking.k8s.io/v1, IngressRule). */
function throughPort({ ingress }: IngressFacts, request: HttpRequest, routed: HttpAnswer): HttpAnswer {
  const { port, scheme } = request;
  if (port === (isTls(scheme) ? 443 : 80)) return routed;
  if (port !== 80 && port !== 443) {
    const sentence = `An Ingress stands for ports 80 and 443; whether its controller also listens on ${port} is not in it`;
    return { kind: "unknown", sentence, objects: [ingress.id], likely: routed };
  }
  return {
    kind: "refused",
    reason: "NoListener",
    sentence: `Port ${port} of an Ingress speaks ${port === 443 ? "TLS" : "plain HTTP"}, and ${urlInWords(request)} asks for ${port === 443 ? "plain HTTP" : "TLS"} there`,
    object: ingress.id,
    evidence: [],
    nearMiss: `use ${port === 443 ? "https" : "http"}, or port ${port === 443 ? 80 : 443}`,
  };
}

function choiceRemarks(group: IngressGroup, choice: IngressChoice, request: HttpRequest): readonly string[] {
  const remarks: string[] = [];
  if (choice.kind === "path") {
    const { chosen, twin } = choice;
    const { ingress } = chosen.at.facts;
    if (choice.byExpression)
      remarks.push(
        "ingress-nginx reads the paths of this host as regular expressions, the longest first, since an annotation asks for it",
      );
    else if (chosen.path.pathType === "ImplementationSpecific")
      remarks.push(
        `The controller decides what ImplementationSpecific ${chosen.path.path} takes; here it is read as a prefix`,
      );
    if (twin !== undefined) {
      const other = twin.at.facts.ingress;
      const where = `${chosen.path.path} of ${chosen.at.host ?? "every host"}`;
      remarks.push(
        other === ingress
          ? `${ingress.name} has ${where} twice; the first (${pathOf(chosen)}) is what controllers usually take`
          : `${ingress.namespace}/${ingress.name} and ${other.namespace}/${other.name} both have ${where}; the older, ${ingress.namespace}/${ingress.name}, is what controllers usually take`,
      );
    }
    for (const { facts } of group.canaries.get(pathKey(chosen.at.host, chosen.path)) ?? []) {
      const { namespace, name } = facts.ingress;
      const share = listed(nginxAnnotations(facts).canaryBy);
      if (share !== "")
        remarks.push(`The canary ${namespace}/${name} takes some of these requests (${share})`);
    }
    return remarks;
  }
  if (choice.kind === "pattern" || choice.kind === "longer-word") return [];
  const wider = widerRule(group, request, choice.fit);
  if (wider !== undefined)
    remarks.push(
      `${wider.path.path} of ${wider.at.host ?? "every host"} in ${wider.at.facts.ingress.name} would take it; only controllers that do not choose the host first send it there`,
    );
  if (choice.kind === "default" && choice.of === "other-hosts")
    remarks.push(
      `${choice.facts.ingress.name} has rules besides its default backend; some controllers use that for the hosts of these rules only`,
    );
  return remarks;
}

function unreadRemarks({ snapshot }: Facts): readonly string[] {
  // Of manifests nobody expects all of them.
  if (snapshot.origin === "manifests" || readInFull(snapshot, "ingresses")) return [];
  return ["Ingresses could not all be read, so there may be a closer rule"];
}
