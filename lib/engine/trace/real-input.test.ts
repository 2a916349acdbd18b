/** What a real cluster's dump comes to. It is third-party data, read where it is. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyFix, canApply, type Document, documentsIn, yamlOf } from "#lib/testing/apply-fix.ts";
import { told, traceOf, worldFromYaml, worldOf } from "#lib/testing/ask.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { lawlessFixes } from "#lib/testing/fix-law.ts";
import { compileFacts } from "../compile-facts.ts";
import type { World } from "./world.ts";

const folder = "../shared/real-input";
const there = existsSync(`${folder}/faulty.yaml`);

function read(documents: readonly Document[]): World {
  const snapshot = snapshotFromYaml(yamlOf(documents), "dump");
  // A few seconds after its newest event: the words for times do not depend on how it is found.
  return worldOf(compileFacts(snapshot, "2026-11-21T08:03:00Z"));
}

interface Question {
  readonly promise: string;
  readonly ask: string;
  /** The verdict's line, then parts of others. */
  readonly tells: readonly [string, ...string[]];
}

function missing(world: World, { ask, tells: [verdict, ...parts] }: Question): readonly string[] {
  const lines = told(traceOf(world, ask));
  const lacking = parts.filter((part) => !lines.some((line) => line.includes(part)));
  return lines[0] === verdict && lacking.length === 0 ? [] : [...lacking, ...lines];
}

const nodesLost = "containers are ready, but the pod was marked not ready at 07:59 UTC (event NodeNotReady)";

const questions: readonly Question[] = [
  {
    promise: "1: stops at the selector of emailservice, one letter away",
    ask: "boutique/deployment/checkoutservice boutique/service/emailservice 5000",
    tells: [
      "blocked: checkoutservice should not reach emailservice on 5000: the Service selects no pod",
      "near: 1 label differs: the selector asks app=emailservices, pods of deployment/emailservice carry app=emailservice",
      "fix: In the selector of service/emailservice set app=emailservice",
      "ingress-policy pass: allowed by boutique/emailservice rule 1: pods with app=checkoutservice of boutique, 8080/TCP",
    ],
  },
  {
    promise: "2: stops at the port's name of recommendationservice, which no pod declares",
    ask: "boutique/deployment/frontend boutique/service/recommendationservice 8080",
    tells: [
      "blocked: frontend should not reach recommendationservice on 8080: the Service's target port leads nowhere",
      "service block: port 8080 of recommendationservice leads to the port name grpc-web, which no pod declares",
      "fix: Set targetPort to 8080",
    ],
  },
  {
    promise: "3: stops at productcatalogservice, whose endpoint is in a crash loop",
    ask: "boutique/deployment/frontend boutique/service/productcatalogservice 3550",
    tells: [
      "blocked: frontend should not reach productcatalogservice on 3550: no endpoint is ready",
      "endpoints block: the only endpoint of productcatalogservice is not ready: CrashLoopBackOff, 12 restarts",
    ],
  },
  {
    promise: "4: reaches cartservice, and remarks on what is not ready of it",
    ask: "boutique/deployment/frontend boutique/service/cartservice 7070",
    tells: [
      "reachable: frontend should reach cartservice on 7070",
      "remark: cartservice-canary-7798c6df99-hkvvf is not ready and takes no packets",
      "endpoints pass: ready on node-2, 1 of 3",
    ],
  },
  {
    promise: "5: stops at the Service that Ingress admin names and that is not there",
    ask: "internet https://admin.example.com/",
    tells: [
      "blocked: the internet should not reach admin.example.com: the route's backend does not exist",
      "route block: Prefix / → Service boutique/adminservice port 80: Service adminservice does not exist in boutique",
      "remark: Secrets are not read, so its certificate is not checked",
    ],
  },
  {
    promise: "5: stops at the port that Ingress admin names and that cartservice has not",
    ask: "internet https://admin.example.com/cart",
    tells: [
      "blocked: the internet should not reach admin.example.com/cart: the route's backend has no such port",
      "fix: Send the requests to port 7070 of cartservice",
    ],
  },
  {
    promise: "6: stops payment at DNS, at the endpoint and at the policy over orders",
    ask: "sock-shop/deployment/payment orders 80",
    tells: [
      "blocked: payment should not reach orders on 80: a policy does not let it ask DNS, no endpoint is ready and a policy stops it at the destination",
      "dns block: its egress does not let it ask DNS (UDP 53): isolated by sock-shop/payment-egress, so orders does not resolve",
      `endpoints block: the only endpoint of orders is not ready: ${nodesLost}`,
      "egress-policy pass: allowed by sock-shop/payment-egress rule 1: pods with name=orders of sock-shop, 80/TCP",
      "ingress-policy block: no rule admits it; isolated by sock-shop/cortex-access and sock-shop/orders-access",
    ],
  },
  {
    promise:
      "7: reaches front-end by its older policy, and remarks that the newer one names the Service's port",
    ask: "ingress-nginx/deployment/ingress-nginx-controller sock-shop/deployment/front-end 8079",
    tells: [
      "reachable: ingress-nginx-controller should reach front-end on 8079",
      "ingress-policy pass: allowed by sock-shop/front-end-access rule 1: anyone, 8079/TCP",
      "remark: front-end-ingress rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 8079",
    ],
  },
  {
    promise: "8: stops at the peer that was meant for boutique, with its namespace",
    ask: "boutique/deployment/checkoutservice sock-shop/deployment/queue-master 80",
    tells: [
      "blocked: checkoutservice should not reach queue-master on 80: a policy stops it at the destination",
      "near: queue-from-boutique rule 1 admits pods with app=checkoutservice of its own namespace sock-shop only",
      "fix: Add a namespaceSelector for boutique to sock-shop/queue-from-boutique rule 1",
    ],
  },
  {
    promise: "9: stops at the ReferenceGrant that is not there",
    ask: "internet http://checkout.socks.example.com/",
    tells: [
      "blocked: the internet should not reach checkout.socks.example.com: no ReferenceGrant permits the route's backend",
      "fix: Create a ReferenceGrant in boutique that lets HTTPRoutes of sock-shop refer to the Service checkoutservice",
    ],
  },
  {
    promise: "10: stops at the listener that admits no routes of boutique",
    ask: "internet http://shop.socks.example.com/",
    tells: [
      "blocked: the internet should not reach shop.socks.example.com: no route leads there (NotAllowedByListeners)",
      "near: listener http admits namespaces labelled expose=true; boutique is not",
      "fix: Label namespace boutique with expose=true",
    ],
  },
  {
    promise: "11: stops UDP at shippingservice, whose policy admits TCP",
    ask: "boutique/deployment/frontend boutique/deployment/shippingservice 50051 UDP",
    tells: [
      "blocked: frontend should not reach shippingservice on 50051/UDP: a policy stops it at the destination",
      "near: shippingservice rule 1 admits 50051/TCP; the packet arrives on 50051/UDP",
    ],
  },
  {
    promise: "12: stops from the internet at front-end, which waits for an address and has no ready endpoint",
    ask: "internet sock-shop/service/front-end 80",
    tells: [
      "blocked: the internet should not reach front-end on 80: its load balancer has no address and no endpoint is ready",
    ],
  },
  {
    promise: "13: stops at redis-cart, which is not ready, and says what else keeps packets from it",
    ask: "boutique/deployment/cartservice boutique/service/redis-cart 6379",
    tells: [
      "blocked: cartservice should not reach redis-cart on 6379: no endpoint is ready",
      "remark: besides, internalTrafficPolicy: Local keeps packets on their node, and endpoints are on node-1 only",
    ],
  },
  {
    promise: "15: is unknown at the address that two pods have",
    ask: "sock-shop/deployment/catalogue sock-shop/deployment/catalogue-db 3306",
    tells: [
      "unknown: whether catalogue reaches catalogue-db on 3306 is not known: sock-shop/session-db-757895b95b-vmvr4 has the same address 10.244.0.7 as catalogue-db-6964fddd57-9cxws; which of them takes the packet is not defined",
    ],
  },
  {
    promise: "16: stops at the address of legacy-db, which nobody has",
    ask: "sock-shop/deployment/orders sock-shop/service/legacy-db 5432",
    tells: [
      "blocked: orders should not reach legacy-db on 5432: nobody has its address",
      "destination block: nobody has the address 10.244.9.9: EndpointSlice legacy-db-1 lists 10.244.9.9, which no pod has",
    ],
  },
  {
    promise: "17: stops at billing, an ExternalName that is an address",
    ask: "sock-shop/deployment/orders boutique/service/billing 443",
    tells: ["blocked: orders should not reach billing on 443: its name does not resolve"],
  },
  {
    promise: "reaches the shop from the internet, through the Ingress",
    ask: "internet https://shop.example.com/",
    tells: [
      "reachable: the internet should reach shop.example.com",
      "entry service pass: 198.51.100.10 takes port 443",
      "route pass: Prefix / → Service boutique/frontend port 80",
      "backend endpoints pass: 2 of 3 ready",
    ],
  },
];

describe.skipIf(!there)(`faulty.yaml (skipped where ${folder} is absent)`, () => {
  const documents = there ? documentsIn(readFileSync(`${folder}/faulty.yaml`, "utf8")) : [];
  const world = there ? read(documents) : worldFromYaml("");

  it.each(questions)("$promise", (question) => {
    expect(missing(world, question)).toEqual([]);
  });

  it("says that Calico enforces what is configured", () => {
    expect(world.enforcement).toMatchObject({
      state: "enforced",
      sentence: "Calico: calico-node ready on 3 of 3 nodes",
    });
  });

  it.each(questions)("is mended by its fixes: $ask", ({ ask }) => {
    const trace = traceOf(world, ask);
    if (!trace.hops.some(({ fix }) => fix !== undefined && canApply(fix))) return;
    expect(lawlessFixes(documents, (changed) => traceOf(read(changed), ask)).faults).toEqual([]);
  });

  it("lets the first fix of each kind through the API's shapes", () => {
    const trace = traceOf(world, "sock-shop/deployment/payment orders 80");
    for (const { fix } of trace.hops)
      if (fix !== undefined && canApply(fix))
        expect(read(applyFix(documents, fix)).facts.snapshot.problems).toEqual(world.facts.snapshot.problems);
  });
});

/** As it would be if every node had come back: what is not ready for its own reasons is made ready as well. */
function allReady(document: Document): Document {
  const { kind, status, endpoints } = document as {
    readonly kind?: unknown;
    readonly status?: Readonly<Record<string, unknown>>;
    readonly endpoints?: readonly Readonly<Record<string, unknown>>[];
  };
  if (kind === "EndpointSlice" && Array.isArray(endpoints))
    return {
      ...document,
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        conditions: { ready: true, serving: true, terminating: false },
      })),
    };
  if (kind !== "Pod" || status === undefined) return document;
  const ready = (list: unknown) =>
    Array.isArray(list)
      ? list.map((each: Readonly<Record<string, unknown>>) => ({
          ...each,
          ready: true,
          state: { running: {} },
        }))
      : list;
  return {
    ...document,
    status: {
      ...status,
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: ready(status.containerStatuses),
    },
  };
}

const readyQuestions: readonly Question[] = [
  {
    promise: "13: depends on the node to redis-cart",
    ask: "boutique/deployment/cartservice boutique/service/redis-cart 6379",
    tells: [
      "depends: cartservice should reach redis-cart on 6379 only from node-1",
      "internalTrafficPolicy: Local keeps packets on their node",
      "fix: Set internalTrafficPolicy of redis-cart to Cluster",
    ],
  },
  {
    promise: "reaches front-end through its Service",
    ask: "ingress-nginx/deployment/ingress-nginx-controller sock-shop/service/front-end 80",
    tells: [
      "reachable: ingress-nginx-controller should reach front-end on 80",
      "remark: front-end-ingress rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 8079",
    ],
  },
  {
    promise: "6: stops payment at DNS and at the policy over orders, and nowhere else",
    ask: "sock-shop/deployment/payment orders 80",
    tells: [
      "blocked: payment should not reach orders on 80: a policy does not let it ask DNS and a policy stops it at the destination",
    ],
  },
  {
    promise: "reaches the socks through the Gateway",
    ask: "internet http://www.socks.example.com/",
    tells: ["reachable: the internet should reach www.socks.example.com"],
  },
];

describe.skipIf(!there)(`faulty.yaml with everything ready (skipped where ${folder} is absent)`, () => {
  const documents = there ? documentsIn(readFileSync(`${folder}/faulty.yaml`, "utf8")).map(allReady) : [];
  const world = there ? read(documents) : worldFromYaml("");

  it.each(readyQuestions)("$promise", (question) => {
    expect(missing(world, question)).toEqual([]);
  });

  it("names the two blockers of payment", () => {
    expect(traceOf(world, "sock-shop/deployment/payment orders 80").blockers).toEqual([
      "DNS: its egress does not let it ask DNS (UDP 53): isolated by sock-shop/payment-egress, so orders does not resolve",
      "Ingress of sock-shop/orders: no rule admits it; isolated by sock-shop/cortex-access and sock-shop/orders-access",
    ]);
  });

  it.each([...questions, ...readyQuestions])("is mended by its fixes: $ask", ({ ask }) => {
    const trace = traceOf(world, ask);
    if (!trace.hops.some(({ fix }) => fix !== undefined && canApply(fix))) return;
    expect(lawlessFixes(documents, (changed) => traceOf(read(changed), ask)).faults).toEqual([]);
  });
});
