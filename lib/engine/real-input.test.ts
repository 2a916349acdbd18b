/** What a real cluster's dump holds, against what is known to be wrong in it. Third-party data, read where it is. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import type { Kind } from "#lib/model/kinds.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "./compile-facts.ts";
import { nearMiss } from "./near-miss.ts";

const folder = "../shared/real-input";
const there = existsSync(`${folder}/faulty.yaml`);

function read(file: string) {
  // A few seconds after its newest event; passed in, so that the words for times do not depend on how it is found.
  return compileFacts(
    snapshotFromYaml(readFileSync(`${folder}/${file}`, "utf8"), "dump"),
    "2026-11-21T08:03:00Z",
  );
}

function get<T>(map: ReadonlyMap<string, T>, kind: Kind, namespace: string, name: string): T {
  const found = map.get(objectId(kind, namespace, name));
  if (found === undefined) throw new Error(`no ${kind} ${namespace}/${name} in the dump`);
  return found;
}

describe.skipIf(!there)(`faulty.yaml (skipped where ${folder} is absent)`, () => {
  const facts = there ? read("faulty.yaml") : compileFacts(snapshotFromYaml(""), "2026-01-01T00:00:00Z");
  const service = (namespace: string, name: string) => get(facts.services, "service", namespace, name);

  it("1: emailservice selects nothing, one letter away from its pods", () => {
    expect(service("boutique", "emailservice")).toMatchObject({
      selected: [],
      health: "broken",
      sentence: "selects no pod: app=emailservices",
      nearMiss: {
        workload: "deployment/boutique/emailservice",
        pods: 1,
        differs: [{ key: "app", wanted: "emailservices", actual: "emailservice" }],
        sentence:
          "1 label differs: the selector asks app=emailservices, pods of deployment/emailservice carry app=emailservice",
      },
    });
  });

  it("2: recommendationservice sends to a port name that no pod declares", () => {
    const { health, ready, ports } = service("boutique", "recommendationservice");
    expect([health, ready]).toEqual(["broken", 1]);
    expect(ports).toMatchObject([
      {
        unresolved: 2,
        health: "broken",
        sentence: "8080 → grpc-web, a name that no pod declares",
        nearMiss: "pods declare ports without names: 8080",
      },
    ]);
  });

  it("3: productcatalogservice has one endpoint, in a crash loop", () => {
    const { health, sentence, endpoints } = service("boutique", "productcatalogservice");
    expect([health, sentence]).toEqual(["broken", "1 endpoint, not ready: CrashLoopBackOff, 12 restarts"]);
    expect(endpoints).toMatchObject([
      { ready: false, workload: "deployment/boutique/productcatalogservice", node: "node-0", zone: "zone-a" },
    ]);
  });

  it("4: cartservice is partly ready, and the canary is not", () => {
    const { health, total, endpoints } = service("boutique", "cartservice");
    expect([health, total]).toEqual(["partial", 3]);
    const canary = endpoints.find(({ workload }) => workload === "deployment/boutique/cartservice-canary");
    expect(canary).toMatchObject({ ready: false });
    expect(canary?.reasons[0]?.text).toBe(
      "container server is running but not ready for 1 min; it has a readiness probe: gRPC health check on port 7070",
    );
  });

  it("5: ingress admin names a Service and a port that are not there", () => {
    const { health, backends } = get(facts.ingresses, "ingress", "boutique", "admin");
    expect(health).toBe("broken");
    expect(backends).toMatchObject([
      { match: "/", state: "service-missing", service: "service/boutique/adminservice" },
      { match: "/cart", state: "port-missing", servicePort: 7071, nearMiss: "it has port 7070 (grpc)" },
    ]);
  });

  it("8: the peer of queue-from-boutique matches nothing in its own namespace, but pods of boutique", () => {
    const { policy } = get(facts.policies, "network-policy", "sock-shop", "queue-from-boutique");
    const peer = policy.kind === "network-policy" ? policy.ingress[0]?.peers[0] : undefined;
    const selector = peer?.kind === "pods" ? peer.podSelector : undefined;
    if (selector === undefined) throw new Error("the policy has no pod peer");
    expect(facts.index.podsMatching("sock-shop", selector)).toEqual([]);
    expect(nearMiss(facts.index, "sock-shop", selector)).toMatchObject({
      workload: "deployment/boutique/checkoutservice",
      sentence: expect.stringContaining("in namespace boutique carry these labels"),
    });
  });

  it("9: route checkout may not refer to a Service of boutique", () => {
    const { health, attachments, backends } = get(facts.routes, "http-route", "sock-shop", "checkout");
    expect(health).toBe("broken");
    expect(attachments).toMatchObject([{ state: "attached", saidBy: "both", listeners: ["http"] }]);
    // ReferenceGrants are not in the dump: it is the route's status that says so.
    expect(backends).toMatchObject([{ state: "not-permitted", service: "service/boutique/checkoutservice" }]);
  });

  it("10: route shop is not admitted, for want of a label on its namespace", () => {
    const { health, attachments } = get(facts.routes, "http-route", "boutique", "shop");
    expect(health).toBe("broken");
    expect(attachments).toMatchObject([
      {
        state: "rejected",
        reason: "NotAllowedByListeners",
        saidBy: "both",
        nearMiss: "listener http admits namespaces labelled expose=true; boutique is not",
      },
    ]);
  });

  it("12: front-end waits for a load balancer address", () => {
    const { loadBalancer, sentence } = service("sock-shop", "front-end");
    expect(loadBalancer).toMatchObject({
      addresses: [],
      pendingWhy: expect.stringContaining("no event tells why"),
    });
    expect(sentence).toMatch(/; its load balancer has no address yet$/);
  });

  it("says of pods whose node came back why they are still not ready", () => {
    expect(service("boutique", "adservice").endpoints[0]?.reasons[0]?.text).toBe(
      "containers are ready, but the pod was marked not ready at 07:59 UTC (event NodeNotReady) and has not been marked ready since",
    );
  });

  it("knows policy cart-access nearly selects carts", () => {
    expect(get(facts.policies, "network-policy", "sock-shop", "cart-access")).toMatchObject({
      pods: 0,
      nearMiss: {
        workload: "deployment/sock-shop/carts",
        differs: [{ key: "name", wanted: "cart", actual: "carts" }],
        sentence: "1 label differs: the selector asks name=cart, pods of deployment/carts carry name=carts",
      },
    });
  });

  it("finds drift nowhere but in the hand-written slice of legacy-db", () => {
    const drifting = [...facts.services.values()]
      .filter(({ drift }) => drift.length > 0)
      .map(({ service }) => service.id);
    expect(drifting).toEqual(["service/sock-shop/legacy-db"]);
  });
});

describe.skipIf(!there)(`healthy.yaml (skipped where ${folder} is absent)`, () => {
  const facts = there ? read("healthy.yaml") : compileFacts(snapshotFromYaml(""), "2026-01-01T00:00:00Z");

  it("has no drift, no broken selector, port or reference", () => {
    const services = [...facts.services.values()];
    expect(services.flatMap(({ drift }) => drift)).toEqual([]);
    expect(
      services.filter(({ backing, selected }) => backing === "selector" && selected?.length === 0),
    ).toEqual([]);
    expect(services.flatMap(({ ports }) => ports).filter(({ unresolved }) => unresolved > 0)).toEqual([]);
    const backends = [...facts.ingresses.values(), ...facts.routes.values()].flatMap((each) => each.backends);
    expect(
      backends.filter(
        ({ state }) => state !== "ok" && state !== "some-endpoints" && state !== "no-endpoints",
      ),
    ).toEqual([]);
    expect(
      [...facts.routes.values()].flatMap(({ attachments }) => attachments.map(({ state }) => state)),
    ).toEqual(["attached"]);
  });

  it("has pods that their nodes keep from being ready, and says so", () => {
    expect(get(facts.services, "service", "boutique", "adservice").sentence).toMatch(
      /^1 endpoint, not ready: its node node-0 stopped reporting \(Ready Unknown for \d+ min\), so the pod was marked not ready$/,
    );
    expect(get(facts.services, "service", "kube-system", "kube-dns")).toMatchObject({
      health: "ok",
      ready: 2,
      total: 2,
    });
  });
});
