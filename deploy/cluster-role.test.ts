/** What Throughline may do in a cluster is what its code reads. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allKinds, type Kind, kinds } from "#lib/model/kinds.ts";
import { resourcesOf } from "#lib/server/sources/kube/resources.ts";
import { grantsIn, hasKubectl, kustomized, manifestsIn, resourcesIn } from "./manifests.ts";

const file = (name: string) => manifestsIn(readFileSync(`deploy/kustomize/${name}`, "utf8"));
const rulesOf = (name: string) => file(name).flatMap(({ rules }) => rules ?? []);

const base = rulesOf("base/cluster-role.yaml");
const dns = rulesOf("base/dns-role.yaml");
const tls = rulesOf("components/tls-secrets/cluster-role.yaml");

/** Read only where someone asks for it. */
const onlyForTls: ReadonlySet<Kind> = new Set(["secret", "external-secret", "sealed-secret"]);
const everywhere = allKinds.filter((kind) => kind !== "config-map" && !onlyForTls.has(kind));
const named = (list: readonly Kind[]) =>
  list
    .flatMap((kind) => resourcesOf(kind).map(({ group, resource }) => `${group}/${resource}`))
    .sort((a, b) => (a < b ? -1 : 1));
const sorted = (list: readonly string[]) => [...new Set(list)].sort((a, b) => (a < b ? -1 : 1));

describe("the ClusterRole", () => {
  it("has every kind that is read, in every group that may serve it, and nothing else", () => {
    expect(sorted(resourcesIn(base))).toEqual(sorted(named(everywhere)));
    expect(resourcesIn(base)).toHaveLength(new Set(resourcesIn(base)).size);
  });

  it("has each kind of lib/model/kinds.ts by the names that it has there", () => {
    const all = [...base, ...dns, ...tls];
    for (const kind of allKinds)
      expect(resourcesIn(all), kind).toContain(`${kinds[kind].group}/${kinds[kind].resource}`);
  });

  it("allows to get, list and watch, and no other verb", () => {
    for (const rule of base) expect(rule.verbs, rule.resources.join()).toEqual(["get", "list", "watch"]);
  });

  it("has no ConfigMap but CoreDNS's, and that by name", () => {
    expect(file("base/dns-role.yaml")[0]?.metadata.namespace).toBe("kube-system");
    expect(dns).toEqual([
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["coredns"], verbs: ["get"] },
    ]);
  });

  it("has no Secret; who wants their certificates read takes a component, which has what that needs", () => {
    expect(resourcesIn(base)).not.toContain("/secrets");
    expect(sorted(resourcesIn(tls))).toEqual(sorted(named([...onlyForTls])));
    expect(tls[0]).toEqual({ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] });
  });
});

it("Roles for some namespaces have what a namespace has, and the namespace itself", () => {
  const within = named(everywhere.filter((kind) => kinds[kind].namespaced));
  for (const namespace of ["shop", "payments"]) {
    const [role] = file(`overlays/namespaced/${namespace}-role.yaml`);
    const [itself, ...rules] = role?.rules ?? [];
    expect(role?.metadata.namespace).toBe(namespace);
    expect(itself).toEqual({ apiGroups: [""], resources: ["namespaces"], verbs: ["get"] });
    expect(sorted(resourcesIn(rules))).toEqual(sorted(within));
  }
});

describe.skipIf(!hasKubectl)("whatever is installed (needs kubectl)", () => {
  it.each(["base", "overlays/token", "overlays/oidc", "overlays/proxy", "overlays/namespaced"])(
    "%s grants nothing that changes anything",
    (folder) => {
      const grants = grantsIn(kustomized(`deploy/kustomize/${folder}`));
      expect(grants.length).toBeGreaterThan(20);
      const asksWhoMay = "create authorization.k8s.io/subjectaccessreviews";
      for (const grant of grants) if (grant !== asksWhoMay) expect(grant).toMatch(/^(get|list|watch) /);
      expect(grants.includes(asksWhoMay)).toBe(/oidc|proxy/.test(folder));
      expect(grants.filter((grant) => grant.includes("*"))).toEqual([]);
    },
  );
});
