/** What can be asked about, and what stands behind a Service. */
import { describe, expect, it } from "vitest";
import { worldFromYaml } from "#lib/testing/ask.ts";
import { askReach, groupsTold, reachOf } from "#lib/testing/ask-reach.ts";
import { namespace, node, pod, policy, service } from "#lib/testing/cluster-yaml.ts";

const client = pod("shop/client-0", { ips: ["10.0.0.9"] });
const web = pod("shop/web-0", { ports: "8080", ips: ["10.0.0.1"] });
const shop = namespace("shop") + client;

function subjectOf(yaml: string, asked = "to shop/service/web", as: "cluster" | "manifests" = "cluster") {
  const found = askReach(worldFromYaml(yaml, as), asked);
  if (found.kind === "problem") throw new Error(found.problem.sentence);
  return found.subject;
}

/** "8080 on web-0 web-1", a line each. */
function landingsOf(...parts: Parameters<typeof subjectOf>): readonly string[] {
  return subjectOf(...parts).ports.flatMap(({ label, landings }) =>
    landings.map(({ number, pods }) => `${label}: ${number} on ${pods.map(({ name }) => name).join(" ")}`),
  );
}

describe("the ports behind a Service", () => {
  it.each([
    ["a number is the pods' own", "80:8080", ["80: 8080 on web-0"]],
    ["another protocol is told", "80:8080/UDP", ["80/UDP: 8080 on web-0"]],
    ["each port is told apart", "a:80:8080 b:81:9090", ["80: 8080 on web-0", "81: 9090 on web-0"]],
  ])("%s", (_what, ports, landings) => {
    expect(landingsOf(shop + web + service("shop/web", { ports }))).toEqual(landings);
  });

  it("are looked up on each pod by name", () => {
    const pods = pod("shop/web-0", { ports: "http:8080" }) + pod("shop/web-1", { ports: "http:8081" });
    const yaml = shop + pods + service("shop/web", { ports: "80:http" });
    expect(landingsOf(yaml)).toEqual(["80: 8080 on web-0", "80: 8081 on web-1"]);
  });

  it("that lead nowhere are noted, and are the answer where there are no others", () => {
    const lost = "port 81 lands on no pod: its target port has no number there";
    const one = subjectOf(shop + web + service("shop/web", { ports: "a:80:8080 b:81:nope" }));
    expect(one).toMatchObject({ ports: [{ label: "80" }], notes: [lost] });
    expect(one.nothing).toBeUndefined();
    expect(subjectOf(shop + web + service("shop/web", { ports: "81:nope" }))).toMatchObject({
      ports: [],
      nothing: lost,
    });
  });

  it("are the Service's own where it is headless, since nothing translates them", () => {
    const headless = service("shop/web", { ports: "80:8080", spec: "clusterIP: None" });
    expect(landingsOf(shop + web + headless)).toEqual(["80: 80 on web-0"]);
  });

  it("are the pods' where a headless Service lists none", () => {
    const headless = service("shop/web", { ports: "", spec: "clusterIP: None" });
    expect(landingsOf(shop + web + headless)).toEqual(["8080: 8080 on web-0"]);
  });

  it("leave out pods on their way out, unless there are no others", () => {
    const leaving = pod("shop/web-1", {
      ports: "8080",
      meta: "deletionTimestamp: 2026-01-01T00:00:00Z",
    });
    const headed = service("shop/web", { ports: "80:8080" });
    expect(landingsOf(shop + web + leaving + headed)).toEqual(["80: 8080 on web-0"]);
    expect(landingsOf(shop + leaving + headed)).toEqual(["80: 8080 on web-1"]);
  });
});

describe("hand-written endpoints", () => {
  const bare = (ports = "80:8080") => service("shop/web", { selector: "", ports });
  const slice = (endpoints: string, ports = '{ name: "", port: 9999 }') => `
kind: EndpointSlice
apiVersion: discovery.k8s.io/v1
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [${ports}]
endpoints: [${endpoints}]
---`;
  const target = "{ addresses: [10.0.0.1], targetRef: { kind: Pod, namespace: shop, name: web-0 } }";

  it("lead to the port that the slice says, whatever the Service's target port", () => {
    expect(landingsOf(shop + web + bare() + slice(target))).toEqual(["80: 9999 on web-0"]);
  });

  it("lead to the Service's own port where the slice gives no number", () => {
    expect(landingsOf(shop + web + bare() + slice(target, '{ name: "" }'))).toEqual(["80: 80 on web-0"]);
  });

  it("are joined to the Service's ports by name, and a port that no slice opens leads nowhere", () => {
    const yaml = shop + web + bare("a:80:8080 b:81:8080") + slice(target, "{ name: a, port: 9999 }");
    expect(landingsOf(yaml)).toEqual(["80: 9999 on web-0"]);
    expect(subjectOf(yaml).notes).toEqual(["port 81 lands on no pod: its target port has no number there"]);
  });

  it("are guarded by the policies over the pod that has the address, named or not", () => {
    const yaml =
      shop +
      web +
      bare() +
      slice("{ addresses: [10.0.0.1] }") +
      policy("shop/p", "podSelector: { matchLabels: { app: web } }\ningress: [{ ports: [{ port: 9999 }] }]");
    expect(groupsTold(reachOf(worldFromYaml(yaml), "to shop/service/web"))[0]).toBe(
      "reachable shop: client-0; admitted by shop/p rule 1: anyone, 9999/TCP",
    );
    const other = yaml.replace("port: 9999 }] }]", "port: 8080 }] }]");
    expect(groupsTold(reachOf(worldFromYaml(other), "to shop/service/web"))).toContain(
      "blocked shop: client-0; no rule of shop/p admits it",
    );
  });

  it("of a headless Service are asked on its own port, since nothing translates it", () => {
    const headless = service("shop/web", { selector: "", ports: "80:8080", spec: "clusterIP: None" });
    expect(landingsOf(shop + web + headless + slice(target))).toEqual(["80: 80 on web-0"]);
  });

  it("that are pods which have finished lead to nobody", () => {
    const done = pod("shop/web-0", { phase: "Succeeded", ips: ["10.0.0.1"] });
    expect(subjectOf(shop + done + bare() + slice(target)).nothing).toBe(
      "no pod stands behind it at the moment, so who could reach one cannot be told",
    );
  });

  it("follow the address where the slice names another pod", () => {
    const moved = "{ addresses: [10.0.0.9], targetRef: { kind: Pod, namespace: shop, name: web-0 } }";
    expect(landingsOf(shop + web + bare() + slice(moved))).toEqual(["80: 9999 on client-0"]);
  });

  it("outside the cluster are guarded by no policy, and it says so where some are", () => {
    const outside = "{ addresses: [198.51.100.7] }";
    expect(subjectOf(shop + web + bare() + slice(outside))).toMatchObject({
      ports: [],
      nothing: "its endpoints are no pods of this cluster: no policy of it guards them",
    });
    expect(subjectOf(shop + web + bare() + slice(`${outside}, ${target}`)).notes).toEqual([
      "1 endpoint of it is no pod of this cluster: no policy of it guards that one",
    ]);
  });
});

describe("where there is nothing to ask", () => {
  it.each([
    [
      "an ExternalName",
      service("shop/web", {
        selector: "",
        ports: "",
        spec: "type: ExternalName\nexternalName: db.example.com",
      }),
      "an ExternalName is only a DNS alias: no policy stands here",
    ],
    [
      "a Service without pods",
      service("shop/web"),
      "no pod stands behind it at the moment, so who could reach one cannot be told",
    ],
    [
      "a Service of pods that have finished",
      service("shop/web") + pod("shop/web-0", { phase: "Succeeded" }),
      "no pod stands behind it at the moment, so who could reach one cannot be told",
    ],
  ])("about %s, it says why", (_what, yaml, nothing) => {
    expect(reachOf(worldFromYaml(shop + yaml), "to shop/service/web")).toMatchObject({
      sentence: nothing,
      namespaces: [],
      outside: [],
      notes: [],
    });
  });

  it("about a pod that has finished, it says that there is none", () => {
    const yaml = shop + pod("shop/web-0", { phase: "Failed" });
    expect(reachOf(worldFromYaml(yaml), "from shop/web-0").sentence).toBe("web-0 has no pod at the moment");
  });
});

describe("a workload", () => {
  const deployment = (replicas: number) => `
kind: Deployment
apiVersion: apps/v1
metadata: { name: web, namespace: shop }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: UDP }] }] } } }
---`;

  it("without pods is told of by its template, and it says so", () => {
    const found = subjectOf(shop + deployment(0), "to shop/deployment/web");
    expect(found.ports.map(({ label }) => label)).toEqual(["8080", "53/UDP"]);
    expect(found.notes).toEqual([
      "it has no pod at the moment (scaled to 0): this is of those that its template describes",
    ]);
  });

  it("of manifests stands for its pods, and needs no note", () => {
    const found = subjectOf(shop + deployment(3), "to shop/deployment/web", "manifests");
    expect(found).toMatchObject({ notes: [], ports: [{ label: "8080" }, { label: "53/UDP" }] });
  });

  it("that declares no port is asked about on those that policies tell apart", () => {
    const yaml =
      shop +
      pod("shop/web-0") +
      policy(
        "shop/p",
        "podSelector: {}\ningress: [{ ports: [{ port: 80 }, { port: 8000, endPort: 8010 }] }]",
      );
    expect(subjectOf(yaml, "to shop/web-0").ports.map(({ label }) => label)).toEqual([
      "80",
      "any port of 8000–8010",
      "any port but 80 and 8000–8010",
    ]);
  });
});

describe("what cannot be asked about", () => {
  const yaml = shop + web + service("shop/web") + node("node-1", ["192.168.0.1"]);

  it.each([
    ["to internet", "internet is no object of the cluster; name a Service, a workload or a pod"],
    ["from 10.0.0.0/8", "10.0.0.0/8 is no object of the cluster; name a workload or a pod"],
    ["to web.shop.svc", "web.shop.svc is no object of the cluster; name a Service, a workload or a pod"],
    ["to node/node-1", "node/node-1 is a node, which no policy limits; name a Service, a workload or a pod"],
    ["from node/node-1", "node/node-1 is a node, which no policy limits; name a workload or a pod"],
    [
      "from shop/service/web",
      "shop/service/web is a Service, which sends no packets; name a workload, a pod or a node",
    ],
    ["to shop/service/wep", "there is no Service wep in shop"],
  ])("%s is refused in words", (asked, sentence) => {
    expect(askReach(worldFromYaml(yaml), asked)).toMatchObject({
      kind: "problem",
      problem: { field: asked.split(" ")[0], sentence },
    });
  });

  it("names what was nearly meant", () => {
    expect(askReach(worldFromYaml(yaml), "to shop/service/wep")).toMatchObject({
      problem: { nearest: ["shop/service/web"] },
    });
  });
});
