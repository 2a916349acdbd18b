import type { BackendFact } from "#lib/engine/facts.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { annotationPath, nginxAnnotations } from "#lib/engine/nginx-annotations.ts";
import { counted, listed } from "#lib/engine/object-words.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Ingress, IngressPath } from "#lib/model/objects.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

export const ingressRewriteWithoutCapture = defineCheck({
  id: "ingress/rewrite-without-capture",
  code: "NET-209",
  severity: "error",
  summary: "The rewrite-target of an Ingress refers to a part of the path that the path does not capture",
  inputs: ["ingresses"],
  // The annotation is ingress-nginx's: another class's controller does not read it.
  ifRead: ["ingressClasses"],
  *find({ ingresses, origin }) {
    for (const facts of ingresses) {
      const { ingress } = facts;
      const { rewriteTarget, inDoubt } = nginxAnnotations(facts);
      const wanted = rewriteTarget === undefined ? [] : referencesIn(rewriteTarget);
      if (rewriteTarget === undefined || wanted.length === 0) continue;
      // Of manifests nobody expects the class; the annotation says whom they are written for.
      if (inDoubt && origin !== "manifests") {
        yield unjudged("ingressClasses");
        continue;
      }
      for (const [i, { host, paths }] of ingress.rules.entries()) {
        for (const [j, path] of paths.entries()) {
          const groups = groupsIn(path.path);
          const missing = wanted.filter((number) => number > groups);
          if (missing.length === 0) continue;
          const place = `spec.rules[${i}].http.paths[${j}]`;
          yield withoutCapture(ingress, { host, match: path.path }, path, place, rewriteTarget, missing);
        }
      }
    }
  },
});

/** The numbers of `$1` and `${2}`, each once. */
function referencesIn(target: string): readonly number[] {
  const numbers = [...target.matchAll(/\$\{?([1-9])/g)].map(([, number]) => Number(number));
  return [...new Set(numbers)].sort();
}

/** `(…)` and `(?<name>…)` capture; `(?:…)`, `(?=…)` and what is escaped do not. */
function groupsIn(path: string): number {
  return path.replaceAll(/\\./g, "").match(/\((?!\?)|\(\?P?<(?![=!])/g)?.length ?? 0;
}

function withoutCapture(
  ingress: Ingress,
  requests: Pick<BackendFact, "host" | "match">,
  path: IngressPath,
  place: string,
  target: string,
  missing: readonly number[],
): Found {
  const groups = groupsIn(path.path);
  const has = groups === 0 ? "captures nothing" : `has ${counted(groups, "capture group")}`;
  const asked = listed(missing.map((number) => `$${number}`));
  // What is not captured is empty; the rest of the request's path is gone.
  const result = target.replaceAll(/\$\{?([1-9])\}?/g, (all, number) =>
    missing.includes(Number(number)) ? "" : all,
  );
  return {
    subject: ingress.id,
    part: `${place}.path`,
    message: `Requests for ${requestsOf(requests)} all arrive as ${result || "/"}: rewrite-target ${target} refers to ${asked}, and the path ${has}`,
    evidence: [
      { object: ingress.id, path: annotationPath("rewrite-target"), value: target },
      { object: ingress.id, path: `${place}.path`, value: path.path },
    ],
    fix: fixOf(ingress, path, place, Math.max(...missing)),
    kubectl: kubectlGet(ingress.id),
  };
}

/** The ways of ingress-nginx's own documentation; a path with groups already means something else by them. */
function fixOf(ingress: Ingress, { path }: IngressPath, place: string, wanted: number): Fix {
  const stem = path.replace(/\/$/, "");
  const captured = wanted === 1 ? `${stem}/(.*)` : wanted === 2 ? `${stem}(/|$)(.*)` : undefined;
  if (captured === undefined || groupsIn(path) > 0)
    return { text: `Capture in ${path} what rewrite-target refers to, or correct the reference` };
  return {
    text: `Capture the rest of the path: ${captured}`,
    patch: jsonPatch(
      ingress.id,
      { op: "replace", path: pointer(`${place}.path`), value: captured },
      // Of the other types ingress-nginx refuses regular expressions.
      { op: "add", path: pointer(`${place}.pathType`), value: "ImplementationSpecific" },
    ),
  };
}
