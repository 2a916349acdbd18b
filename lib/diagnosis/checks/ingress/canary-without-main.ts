import type { IngressFacts } from "#lib/engine/facts.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { normalHostname } from "#lib/engine/hostname.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { annotationPath, nginxAnnotations } from "#lib/engine/nginx-annotations.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { groupKey } from "#lib/engine/routing/ingress-groups.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Ingress, IngressPath } from "#lib/model/objects.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

type Judged = Pick<IngressFacts, "ingress" | "class">;

export const ingressCanaryWithoutMain = defineCheck({
  id: "ingress/canary-without-main",
  code: "NET-210",
  severity: "warning",
  summary: "A canary Ingress has no other one with the same host and path to take requests from",
  inputs: ["ingresses"],
  // The annotation is ingress-nginx's: another class's controller does not read it.
  ifRead: ["ingressClasses"],
  *find({ ingresses, origin, unread }) {
    const canaries = ingresses.filter((facts) => nginxAnnotations(facts).isCanary);
    if (canaries.length === 0) return;
    const mains = mainPaths(ingresses.filter((facts) => !nginxAnnotations(facts).isCanary));
    for (const facts of canaries) {
      const { ingress } = facts;
      const { canaryBy, inDoubt } = nginxAnnotations(facts);
      // Of manifests nobody expects the class; the annotation says whom they are written for.
      if (inDoubt && origin !== "manifests") {
        yield unjudged("ingressClasses");
        continue;
      }
      // A weight of 0 says so too: it is how a canary waits for its rollout.
      if (canaryBy.length === 0) yield withoutShare(ingress);
      for (const [i, { host, paths }] of ingress.rules.entries()) {
        const there = mains.get(hostKey(facts, host)) ?? [];
        for (const [j, path] of paths.entries()) {
          if (there.some((main) => main.path === path.path && main.pathType === path.pathType)) continue;
          if (unread.includes("ingresses")) yield unjudged("ingresses");
          else if (origin === "manifests" && there.length === 0) {
            const why = `The manifests hold no other Ingress for ${host ?? "every host"}.`;
            yield { unjudged: ["ingresses"], why };
          } else yield withoutMain(ingress, host, path, `spec.rules[${i}].http.paths[${j}]`, there);
        }
      }
    }
  },
});

/** ingress-nginx adds a canary to a location of its own class, by host, path and type; namespaces do not matter. */
function hostKey(facts: Judged, host: string | undefined): string {
  return `${groupKey(facts)}\0${normalHostname(host ?? "")}`;
}

function mainPaths(mains: readonly Judged[]): ReadonlyMap<string, readonly IngressPath[]> {
  const byHost = new Map<string, IngressPath[]>();
  for (const facts of mains) {
    for (const { host, paths } of facts.ingress.rules) {
      const key = hostKey(facts, host);
      const list = byHost.get(key);
      if (list === undefined) byHost.set(key, [...paths]);
      else list.push(...paths);
    }
  }
  return byHost;
}

function withoutMain(
  ingress: Ingress,
  host: string | undefined,
  path: IngressPath,
  place: string,
  there: readonly IngressPath[],
): Found {
  const of = ingress.className === undefined ? "without a class" : `of class ${ingress.className}`;
  return {
    subject: ingress.id,
    part: place,
    message: `Canary ${ingress.name} gets no request for ${requestsOf({ host, match: path.path })}: no other Ingress ${of} has that host and ${path.pathType} path`,
    evidence: [
      { object: ingress.id, path: annotationPath("canary"), value: "true" },
      { object: ingress.id, path: place, value: `${path.pathType} ${path.path}` },
    ],
    nearMiss:
      there.length === 0
        ? undefined
        : `others have ${listedUpTo([...new Set(there.map((main) => `${main.pathType} ${main.path}`))].sort(), 3)} of that host`,
    fix: fixOf(ingress, path, place, there),
    kubectl: kubectlGet(ingress.id),
  };
}

function fixOf(ingress: Ingress, path: IngressPath, place: string, there: readonly IngressPath[]): Fix {
  const same = there.filter((main) => main.path === path.path);
  const nearest = nearestOf(
    path.path,
    there.map((main) => main.path),
  );
  const meant =
    same[0] ?? there.find((main) => main.path === nearest) ?? (there.length === 1 ? there[0] : undefined);
  if (meant === undefined)
    return {
      text: `Create an Ingress for the same host and path that is no canary, or take ${ingress.name} away`,
    };
  return {
    text: `Use the path ${meant.pathType} ${meant.path} in ${ingress.name}, as the Ingress beside it does`,
    patch: jsonPatch(
      ingress.id,
      { op: "replace", path: pointer(`${place}.path`), value: meant.path },
      { op: "add", path: pointer(`${place}.pathType`), value: meant.pathType },
    ),
  };
}

function withoutShare(ingress: Ingress): Found {
  return {
    subject: ingress.id,
    part: annotationPath("canary"),
    message: `Canary ${ingress.name} gets no request: no annotation says which ones are its own`,
    evidence: [{ object: ingress.id, path: annotationPath("canary"), value: "true" }],
    fix: { text: `Give ${ingress.name} a canary-weight, a canary-by-header or a canary-by-cookie` },
    kubectl: kubectlGet(ingress.id),
  };
}
