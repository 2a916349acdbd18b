import { describe, expect, it } from "vitest";
import { loadFindingsLink } from "#lib/protocol/findings-link.ts";
import { loadLink } from "#lib/protocol/link.ts";
import {
  clustersKey,
  findingsKey,
  graphKey,
  matrixKey,
  namespacesKey,
  panelKey,
  reachKey,
  searchKey,
  traceKey,
} from "./keys.ts";

describe("addresses of the API", () => {
  it.each([
    ["service/shop/cart", "/services/shop/cart"],
    ["svc/shop/cart", "/services/shop/cart"],
    ["pod/shop/cart-0", "/objects/pod/shop/cart-0"],
    ["NetworkPolicy/shop/deny", "/objects/network-policy/shop/deny"],
    ["node/worker-1", "/objects/node/-/worker-1"],
    ["namespace/shop", "/objects/namespace/-/shop"],
    ["pod/shop/a b?c#d", "/objects/pod/shop/a%20b%3Fc%23d"],
  ])("has the panel of %s at %s", (id, path) => {
    expect(panelKey("demo", id)).toBe(`/api/v1/clusters/demo${path}`);
  });

  it.each([
    ["internet", "/objects/internet/-/-"],
    ["external/db.example.com", "/objects/external/db.example.com/-"],
    ["", "/objects/-/-/-"],
    ["pod", "/objects/pod/-/-"],
    ["pod/shop/a/b", "/objects/pod/shop/a%2Fb"],
    ["gizmo/shop/a", "/objects/gizmo/shop/a"],
  ])("keeps the address's shape for %s, which is no id", (id, path) => {
    expect(panelKey("demo", id)).toBe(`/api/v1/clusters/demo${path}`);
  });

  it("escapes the cluster everywhere", () => {
    const base = "/api/v1/clusters/a%2Fb%20c";
    expect(panelKey("a/b c", "service/shop/cart")).toBe(`${base}/services/shop/cart`);
    expect(findingsKey("a/b c", loadFindingsLink({}))).toBe(`${base}/findings?limit=100`);
    expect(searchKey("a/b c", "x&y=z")).toBe(`${base}/search?q=x%26y%3Dz`);
    expect(graphKey("a/b c", loadLink({}))).toBe(`${base}/graph`);
    expect(traceKey("a/b c", { from: "x", to: "y" })).toBe(`${base}/trace?from=x&to=y&map=1`);
    expect(reachKey("a/b c", "to", "x")).toBe(`${base}/reachability?to=x`);
    expect(matrixKey("a/b c", { by: "namespace" })).toBe(`${base}/reachability?by=namespace`);
    expect(namespacesKey("a/b c")).toBe(`${base}/namespaces`);
    expect(clustersKey).toBe("/api/v1/clusters");
  });

  it("asks the graph for what the link says of it, and a file in a format and theme", () => {
    const link = loadLink({
      ns: "shop,edge",
      show: "service/shop/cart",
      at: "1,2,1",
      as: "table",
      cluster: "demo",
    });
    expect(graphKey("demo", link)).toBe("/api/v1/clusters/demo/graph?ns=shop,edge&show=service/shop/cart");
    expect(graphKey("demo", link, "svg", "dark")).toBe(
      "/api/v1/clusters/demo/graph?ns=shop,edge&show=service/shop/cart&format=svg&theme=dark",
    );
    expect(graphKey("demo", loadLink({}), "mermaid")).toBe("/api/v1/clusters/demo/graph?format=mermaid");
  });

  it("asks for a trace with the map that it lights", () => {
    const question = {
      from: "shop/web-0",
      to: "https://a.example.com/x?y=1&z",
      port: "443",
      protocol: "UDP",
    } as const;
    expect(traceKey("demo", { ...question, hop: 2 })).toBe(
      "/api/v1/clusters/demo/trace?from=shop%2Fweb-0&to=https%3A%2F%2Fa.example.com%2Fx%3Fy%3D1%26z&port=443&protocol=UDP&map=1",
    );
  });

  it("asks who may reach an end, or what it may reach, and for a page of the matrix", () => {
    expect(reachKey("demo", "from", "shop/deployment/web")).toBe(
      "/api/v1/clusters/demo/reachability?from=shop%2Fdeployment%2Fweb",
    );
    expect(matrixKey("demo", { by: "workload", match: "a&b", format: "csv" })).toBe(
      "/api/v1/clusters/demo/reachability?by=workload&match=a%26b&format=csv",
    );
  });

  it("searches only the kinds that it is given", () => {
    expect(searchKey("demo", "cart", ["pod", "service"])).toBe(
      "/api/v1/clusters/demo/search?q=cart&kind=pod,service",
    );
  });
});
