import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { needsClass } from "#lib/engine/ingress-class.ts";
import { backendKey, type IngressPathAt, pathOf } from "#lib/engine/routing/ingress-paths.ts";
import type { ShadowedPath } from "#lib/engine/routing/shadowed-paths.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { IngressBackend } from "#lib/model/objects.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

export const ingressShadowedPath = defineCheck({
  id: "ingress/shadowed-path",
  code: "NET-206",
  severity: "warning",
  summary: "A path of an Ingress gets no request, since another one comes before it",
  inputs: ["ingresses"],
  // Which comes first is for the class's controller to say.
  ifRead: ["ingressClasses"],
  *find({ ingresses, origin, unread, shadowedPaths }) {
    const isOpen = ingresses.some(
      ({ ingress, class: found }) => found.state === "unknown" && needsClass(ingress),
    );
    if (isOpen && origin !== "manifests") yield unjudged("ingressClasses");
    for (const shadowed of shadowedPaths()) {
      // One that was not read may come before both, and send the requests where this one would.
      const missing = shadowed.why === "pattern" ? unread : [];
      yield missing.length > 0 ? unjudged(...missing) : found(shadowed);
    }
  },
});

function found(shadowed: ShadowedPath): Found {
  const { lost, winner, why } = shadowed;
  const { ingress } = lost.at.facts;
  const other = winner.at.facts.ingress;
  const requests = requestsOf({ host: lost.at.host, match: lost.path.path });
  return {
    subject: ingress.id,
    part: pathOf(lost),
    message: `${backendKey(lost.path.backend)} gets no request for ${requests} in ${ingress.name}: ${reasonOf(shadowed)}`,
    evidence: [lost, winner].map((each) => ({
      object: each.at.facts.ingress.id,
      path: pathOf(each),
      value: `${each.path.pathType} ${each.path.path} → ${backendKey(each.path.backend)}`,
    })),
    fix:
      why === "twice" ? takeAway(lost) : why === "order" ? putBefore(lost, winner) : lengthen(lost, winner),
    kubectl: kubectlGet(ingress.id),
    touches: [other.id],
  };
}

function reasonOf({ lost, winner, why }: ShadowedPath): string {
  const own = winner.at.facts.ingress;
  const of = own === lost.at.facts.ingress ? "" : ` of ${own.namespace}/${own.name}`;
  switch (why) {
    case "twice":
      return `the same path stands before it, and leads to ${backendKey(winner.path.backend)}`;
    case "pattern":
      return `ingress-nginx reads the paths of this host as regular expressions, the longest first, and ${winner.path.path}${of} takes it`;
    case "order":
      return winner.path.pathType === "Prefix"
        ? `the AWS controller puts prefixes before it, and ${winner.path.path} takes it`
        : `the AWS controller keeps the order of such paths, and ${winner.path.path} stands before it`;
  }
}

function takeAway(lost: IngressPathAt): Fix {
  const { ingress } = lost.at.facts;
  return {
    text: `Take the second one away from ${ingress.name}, or give it a path of its own`,
    patch: jsonPatch(ingress.id, { op: "remove", path: pointer(pathOf(lost)) }),
  };
}

function putBefore(lost: IngressPathAt, winner: IngressPathAt): Fix {
  const { path, pathType, backend } = lost.path;
  if (winner.path.pathType === "Prefix")
    return { text: `Make a Prefix of ${path} as well: of those the longest comes first` };
  return {
    text: `Put ${path} before ${winner.path.path}`,
    patch: jsonPatch(
      lost.at.facts.ingress.id,
      { op: "remove", path: pointer(pathOf(lost)) },
      { op: "add", path: pointer(pathOf(winner)), value: { path, pathType, backend: written(backend) } },
    ),
  };
}

function written(backend: IngressBackend): unknown {
  if (backend.kind === "resource") return { resource: { kind: backend.apiKind, name: backend.name } };
  const port = typeof backend.port === "number" ? { number: backend.port } : { name: backend.port };
  return { service: { name: backend.name, port } };
}

function lengthen(lost: IngressPathAt, winner: IngressPathAt): Fix {
  const longer = `${lost.path.path.replace(/\/$/, "")}(/|$)(.*)`;
  const place = pathOf(lost);
  if (longer.length <= winner.path.path.length)
    return { text: `Narrow ${winner.path.path} so that it leaves ${lost.path.path} out` };
  return {
    text: `Make a regular expression of it that is longer: ${longer}`,
    patch: jsonPatch(
      lost.at.facts.ingress.id,
      { op: "replace", path: pointer(`${place}.path`), value: longer },
      { op: "add", path: pointer(`${place}.pathType`), value: "ImplementationSpecific" },
    ),
  };
}
