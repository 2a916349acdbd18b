import type { Health } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Ingress, IngressBackend } from "#lib/model/objects.ts";
import { type BackendInputs, backendTroubles, healthOfBackends, judgeBackend } from "./backend.ts";
import type { BackendFact, IngressFacts } from "./facts.ts";
import { ingressClassOf } from "./ingress-class.ts";
import type { ClasslessTaker } from "./ingress-controllers.ts";
import { counted, listed, listedUpTo } from "./object-words.ts";

export interface IngressInputs extends BackendInputs {
  readonly classless: ClasslessTaker | undefined;
}

export function ingressFacts(ingress: Ingress, inputs: IngressInputs): IngressFacts {
  const ingressClass = ingressClassOf(ingress, inputs.snapshot, inputs.classless);
  const backends = allBackends(ingress, inputs);
  const hosts = [...new Set(ingress.rules.map((rule) => rule.host ?? "*"))];
  const health = withClass(healthOfBackends(backends, inputs.services), ingressClass);
  return {
    ingress,
    class: ingressClass,
    backends,
    hosts,
    health,
    sentence: sentenceOf(hosts, backends, ingressClass),
  };
}

function allBackends(ingress: Ingress, inputs: BackendInputs): readonly BackendFact[] {
  const facts = ingress.rules.flatMap((rule, i) =>
    rule.paths.map((path, j) =>
      backendFact(ingress, path.backend, inputs, {
        path: `spec.rules[${i}].http.paths[${j}].backend`,
        host: rule.host,
        match: path.path === "" ? "/" : path.path,
      }),
    ),
  );
  if (ingress.defaultBackend === undefined) return facts;
  const rest = { path: "spec.defaultBackend", host: undefined, match: "everything else" };
  return [...facts, backendFact(ingress, ingress.defaultBackend, inputs, rest)];
}

function backendFact(
  ingress: Ingress,
  backend: IngressBackend,
  inputs: BackendInputs,
  place: Pick<BackendFact, "path" | "host" | "match">,
): BackendFact {
  const evidence = { object: ingress.id, path: place.path, value: backendInWords(backend) };
  if (backend.kind === "resource") {
    const sentence = `${backend.apiKind} ${backend.name} is no Service`;
    return { ...place, weight: 1, state: "not-a-service", sentence, evidence };
  }
  // An Ingress reaches Services of its own namespace only.
  const service = objectId("service", ingress.namespace, backend.name);
  const verdict = judgeBackend(service, backend.port, inputs);
  return { ...place, service, servicePort: backend.port, weight: 1, ...verdict, evidence };
}

function backendInWords(backend: IngressBackend): string {
  return backend.kind === "service"
    ? `${backend.name}:${backend.port}`
    : `${backend.apiKind}/${backend.name}`;
}

/** Without a class that exists no controller takes the Ingress; without any, some controllers still do. */
function withClass(health: Health, ingressClass: IngressFacts["class"]): Health {
  switch (ingressClass.state) {
    case "missing":
      return "broken";
    case "no-default":
    case "several-defaults":
      return health === "ok" ? "partial" : health;
    case "found":
    case "none-needed":
    case "unknown":
      return health;
  }
}

function sentenceOf(
  hosts: readonly string[],
  backends: readonly BackendFact[],
  ingressClass: IngressFacts["class"],
): string {
  const names = hosts.filter((host) => host !== "*");
  const routes = `${names.length === 0 ? "any host" : listedUpTo(names, 2)} → ${counted(backends.length, "backend")}`;
  const troubles = backendTroubles(backends);
  return [routes, classTrouble(ingressClass), troubles].filter((part) => part !== "").join("; ");
}

function classTrouble(ingressClass: IngressFacts["class"]): string {
  switch (ingressClass.state) {
    case "missing":
      return `IngressClass ${ingressClass.name} does not exist, so no controller serves it`;
    case "no-default":
      return "it names no class and there is no default class";
    case "several-defaults":
      return `it names no class and ${listed(ingressClass.names)} are all marked as default`;
    case "found":
    case "none-needed":
    case "unknown":
      return "";
  }
}
