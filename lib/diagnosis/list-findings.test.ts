import { describe, expect, it } from "vitest";
import { findingKey } from "#lib/model/finding.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { type ListQuery, listFindings } from "./list-findings.ts";
import { checks } from "./registry.ts";
import { runChecks } from "./run-checks.ts";

const all: ListQuery = {
  by: "cause",
  severities: [],
  namespaces: [],
  kinds: [],
  codes: [],
  text: "",
  limit: 100,
};

/** Two Services that select nothing, an Ingress to one that is missing, and a policy without pods. */
const results = runChecks(
  factsFromYaml(`
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: webb } }
spec: { containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.1, conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: pay }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: shop }
spec:
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: gone, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec: { podSelector: { matchLabels: { app: db } } }
`),
  checks.filter(({ code }) => ["NET-101", "NET-201", "NET-401"].includes(code)),
);

const list = (change: Partial<ListQuery>) => listFindings(results, { ...all, ...change });
const roots = (change: Partial<ListQuery>) => list(change).problems.map(({ root }) => findingKey(root));

const web = "NET-101/service/shop/web/spec.selector";
const api = "NET-101/service/pay/api/spec.selector";
const front = "NET-201/ingress/shop/front/spec.rules[0].http.paths[0].backend";
const policy = "NET-401/network-policy/shop/db/spec.podSelector";

describe("a list of findings", () => {
  it.each([
    [{}, [api, web, front, policy]],
    [{ severities: ["warning"] }, [policy]],
    [{ namespaces: ["pay"] }, [api]],
    [{ kinds: ["ingress", "network-policy"] }, [front, policy]],
    [{ codes: ["NET-101"] }, [api, web]],
    [{ text: "SHOP.example" }, [front]],
    [{ text: "web 101" }, [web]],
    [{ text: "nothing is named so" }, []],
    [{ limit: 1 }, [api]],
    [{ limit: 1, open: policy }, [api, policy]],
    [{ limit: 1, open: policy, namespaces: ["pay"] }, [api]],
  ] as const)("with %j holds what passes, the most urgent first", (change, keys) => {
    expect(roots(change)).toEqual(keys);
  });

  it("counts without its limit", () => {
    expect(list({ limit: 1 }).total).toBe(4);
  });

  it("counts severities and values as if each were chosen in place of its own filter", () => {
    const { counts, facets } = list({ namespaces: ["shop"], severities: ["error"] });
    expect(counts).toEqual({ error: 2, warning: 1, info: 0 });
    expect(facets).toEqual({
      namespaces: [
        { value: "pay", count: 1 },
        { value: "shop", count: 2 },
      ],
      kinds: [
        { value: "ingress", count: 1 },
        { value: "service", count: 1 },
      ],
      codes: [
        { value: "NET-101", count: 1 },
        { value: "NET-201", count: 1 },
      ],
    });
  });

  it.each([
    ["namespace", ["pay", "shop", "shop", "shop"]],
    ["kind", ["ingress", "network-policy", "service", "service"]],
    ["code", ["NET-101", "NET-101", "NET-201", "NET-401"]],
  ] as const)("by %s stands group after group", (by, groups) => {
    const { listed, problems } = list({ by });
    expect(listed.map(({ group }) => group)).toEqual(groups);
    expect(problems).toEqual([]);
  });
});
