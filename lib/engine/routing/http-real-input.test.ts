/** What a real cluster's dump, and the demo, do with requests. The dump is third-party data, read where it is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import type { HttpRequest } from "./http-way.ts";
import { httpWays } from "./http-ways.ts";
import { httpWaysTo } from "./http-ways-to.ts";

const folder = "../shared/real-input";
const there = existsSync(`${folder}/faulty.yaml`);

const request = (url: string): HttpRequest => {
  const { protocol, hostname, pathname } = new URL(url);
  const scheme = protocol === "https:" ? "https" : "http";
  return {
    scheme,
    host: hostname,
    port: scheme === "https" ? 443 : 80,
    path: pathname,
    query: "",
    method: "GET",
  };
};

/** Whatever leads to a Service does so when it is asked, or tells why not. */
function leadsBack(facts: Facts): number {
  let count = 0;
  for (const service of facts.services.keys()) {
    for (const { request, entry } of httpWaysTo(facts, service)) {
      if (request.host === "") continue;
      const way = httpWays(facts, request).find((each) => each.entry === entry);
      const services =
        way?.answer.kind === "backends" ? way.answer.backends.map(({ fact }) => fact.service) : [];
      if (way?.answer.kind === "backends") expect(services).toContain(service);
      else expect(way?.answer.kind).toMatch(/refused|unknown/);
      count++;
    }
  }
  return count;
}

describe.skipIf(!there)(`faulty.yaml (skipped where ${folder} is absent)`, () => {
  const facts = there
    ? compileFacts(
        snapshotFromYaml(readFileSync(`${folder}/faulty.yaml`, "utf8"), "dump"),
        "2026-11-21T08:03:00Z",
      )
    : compileFacts(snapshotFromYaml(""), "2026-01-01T00:00:00Z");
  const only = (url: string) => {
    const [way, ...more] = httpWays(facts, request(url));
    if (way === undefined || more.length > 0) throw new Error(`not one way for ${url}`);
    return way;
  };

  it("5: admin.example.com/ goes to a Service that is missing", () => {
    expect(only("https://admin.example.com/")).toMatchObject({
      entry: "ingress/boutique/admin",
      addresses: [],
      answer: {
        rule: { object: "ingress/boutique/admin", path: "spec.rules[0].http.paths[0]", words: "Prefix /" },
        backends: [
          { share: 1, fact: { state: "service-missing", service: "service/boutique/adminservice" } },
        ],
      },
      remarks: ["Secrets are not read, so its certificate is not checked"],
    });
  });

  it("5: admin.example.com/cart goes to a port that is missing, with the patch", () => {
    expect(only("https://admin.example.com/cart").answer).toMatchObject({
      backends: [
        {
          fact: { state: "port-missing", servicePort: 7071 },
          fix: {
            patch: { object: "ingress/boutique/admin", body: expect.stringContaining('"number":7070') },
          },
        },
      ],
    });
  });

  it("shop.example.com/ goes to frontend", () => {
    expect(only("https://shop.example.com/")).toMatchObject({
      entry: "ingress/boutique/boutique",
      addresses: ["198.51.100.10"],
      answer: { backends: [{ share: 1, fix: undefined, fact: { service: "service/boutique/frontend" } }] },
    });
  });

  it("10: shop.socks.example.com is refused, for want of a label on the namespace", () => {
    expect(only("http://shop.socks.example.com/")).toMatchObject({
      entry: "gateway/edge/public",
      answer: {
        kind: "refused",
        reason: "NotAllowedByListeners",
        object: "http-route/boutique/shop",
        nearMiss: "listener http admits namespaces labelled expose=true; boutique is not",
        fix: { patch: { object: "namespace/boutique", body: '{"metadata":{"labels":{"expose":"true"}}}' } },
      },
    });
  });

  it("9: checkout.socks.example.com goes where it may not, with the ReferenceGrant", () => {
    expect(only("http://checkout.socks.example.com/cart").answer).toMatchObject({
      backends: [
        {
          fact: { state: "not-permitted", service: "service/boutique/checkoutservice" },
          fix: { manifest: expect.stringContaining("namespace: boutique") },
        },
      ],
    });
  });

  it("www.socks.example.com goes to front-end", () => {
    expect(only("http://www.socks.example.com/")).toMatchObject({
      words: "Gateway edge/public, listener http (port 80)",
      addresses: ["198.51.100.20"],
      answer: { backends: [{ share: 1, fact: { service: "service/sock-shop/front-end" } }] },
    });
  });

  it("leads to every Service from where it says", () => {
    expect(leadsBack(facts)).toBe(5);
  });
});

describe("the demo", () => {
  const yaml = readdirSync("demo/cluster")
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => readFileSync(`demo/cluster/${file}`, "utf8"))
    .join("\n---\n");
  const facts = compileFacts(snapshotFromYaml(yaml, "dump"), "2026-11-20T21:14:00Z");
  const told = (url: string) =>
    httpWays(facts, request(url)).map(({ entry, answer }) => {
      if (answer.kind === "backends")
        return `${entry}: ${answer.backends.map(({ fact }) => `${fact.service} ${fact.state}`)}`;
      return `${entry}: ${answer.kind === "refused" ? answer.reason : answer.kind}`;
    });

  it.each([
    [
      "https://backoffice.shop.example.com/reports",
      ["ingress/shop/back-office: service/shop/order-admin service-missing"],
    ],
    ["https://backoffice.shop.example.com/", ["ingress/shop/back-office: service/shop/orders-admin ok"]],
    ["https://img.shop.example.com/", ["ingress/shop/images: service/shop/image-resizer port-missing"]],
    ["https://grafana.example.com/", ["gateway/edge/public: NotAllowedByListeners"]],
    [
      "https://pay.example.com/callbacks",
      ["gateway/edge/public: service/payments/webhook-dispatcher not-permitted"],
    ],
    ["https://pay.example.com/tokens", ["gateway/edge/public: service/payments/tokenizer ok"]],
    ["https://api.example.com/reviews", ["gateway/edge/public: service/shop/reviews no-endpoints"]],
    ["http://api.example.com/reviews", ["gateway/edge/public: redirect"]],
    ["https://nowhere.example.org/", ["ingress/edge/fallback: service/edge/maintenance-page ok"]],
    // The Gateway's redirect is for every host of example.com, whoever else has it.
    ["https://www.shop.example.com/", ["ingress/shop/storefront-www: service/shop/storefront ok"]],
    [
      "http://www.shop.example.com/",
      ["gateway/edge/public: redirect", "ingress/shop/storefront-www: service/shop/storefront ok"],
    ],
  ])("takes %s: %j", (url, expected) => {
    expect(told(url)).toEqual(expected);
  });

  it("leads to every Service from where it says", () => {
    expect(leadsBack(facts)).toBeGreaterThan(15);
  });
});
