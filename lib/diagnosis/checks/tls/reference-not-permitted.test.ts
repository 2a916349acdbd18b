import { expect, it } from "vitest";
import { checkFixture, documentsOf } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { tlsReferenceNotPermitted } from "./reference-not-permitted.ts";

const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [tlsReferenceNotPermitted]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports only certificates of other namespaces that no ReferenceGrant there allows", () => {
  expect(findings.map(({ subject, part, message }) => [subject, part, message])).toEqual([
    [
      "gateway/edge/public",
      "spec.listeners[0].tls.certificateRefs[0]",
      "Listener https takes its certificate from the Secret shop/shop-tls, and no ReferenceGrant in shop allows that from edge",
    ],
    [
      "gateway/edge/public",
      "spec.listeners[1].tls.certificateRefs[0]",
      "Listener named takes its certificate from the Secret open/named-tls, and no ReferenceGrant in open allows that from edge",
    ],
  ]);
});

it("gives the ReferenceGrant that is missing, for this one Secret", () => {
  expect(documentsOf(findings[0]?.fix.manifest ?? "")).toEqual([
    {
      apiVersion: "gateway.networking.k8s.io/v1beta1",
      kind: "ReferenceGrant",
      metadata: { name: "edge-to-shop-tls", namespace: "shop" },
      spec: {
        from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "edge" }],
        to: [{ group: "", kind: "Secret", name: "shop-tls" }],
      },
    },
  ]);
});

const gateway = (status = "") => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge${status === "" ? "" : ', uid: "1"'} }
spec:
  gatewayClassName: example
  listeners:
    - { name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ namespace: shop, name: shop-tls }] } }
${status}`;

it("cannot tell from manifests without the Secret, whose owner grants it", () => {
  const { findings, cannotTell } = run(gateway(), "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "referenceGrants", why: "The manifests hold none of namespace shop." },
  ]);
});

it("believes the listener's status where ReferenceGrants were not read", () => {
  const status = `status:
  listeners:
    - name: https
      attachedRoutes: 0
      supportedKinds: []
      conditions: [{ type: ResolvedRefs, status: "False", reason: RefNotPermitted, message: not permitted }]
`;
  expect(run(gateway(status), "dump").findings.map(({ subject }) => subject)).toEqual([
    "gateway/edge/public",
  ]);
});
