import { fixSecretReference } from "#lib/engine/fix/backend-fix.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";

export const tlsReferenceNotPermitted = defineCheck({
  id: "tls/reference-not-permitted",
  code: "NET-227",
  severity: "error",
  summary: "A Gateway takes a certificate from another namespace without a ReferenceGrant there",
  inputs: [],
  each: ["gateways", "listenerSets"],
  // A listener's status can tell where the grants themselves were not read; where manifests hold the Secret, they are its owner's.
  ifRead: ["referenceGrants", "secrets", "certificates", "externalSecrets", "sealedSecrets"],
  *find({ tls, origin, unread }) {
    for (const { user, listener, refs } of tls) {
      for (const { path, id, namespace, name, permitted } of refs) {
        if (user.kind === "ingress" || permitted === "yes") continue;
        if (permitted === "unknown") {
          const isHere = origin !== "manifests" || unread.includes("referenceGrants");
          yield isHere ? unjudged("referenceGrants") : notInManifests("referenceGrants", namespace);
          continue;
        }
        yield {
          subject: user.id,
          part: path,
          message: `${listener === undefined ? "It" : `Listener ${listener.name}`} takes its certificate from the Secret ${namespace}/${name}, and no ReferenceGrant in ${namespace} allows that from ${user.namespace}`,
          evidence: [{ object: user.id, path, value: `${namespace}/${name}` }],
          fix: fixSecretReference(user, id),
          kubectl: kubectl(namespace, "get", "referencegrants", "-o", "yaml"),
          touches: [id],
        };
      }
    }
  },
});
