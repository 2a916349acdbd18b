import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { makeCertificate } from "#lib/testing/make-certificate.ts";
import {
  type Answer,
  apiStandIn,
  discoveryOf,
  readCluster,
  type StandIn,
  send,
  sendStatus,
  servedToday,
} from "./api-stand-in.ts";

const open: StandIn[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function read(
  answers: Readonly<Record<string, Answer>>,
  tlsSecrets = true,
): Promise<Snapshot & { readonly requests: readonly string[] }> {
  const server = await apiStandIn(answers);
  open.push(server);
  const result = await readCluster(server.url, { tlsSecrets });
  if (result.kind === "failed") throw new Error(result.failure.detail);
  return { ...result.snapshot, requests: server.requests.filter((request) => /\/secrets\b/.test(request)) };
}

const made = makeCertificate({ name: "shop", from: "2026-01-01T00:00:00Z", until: "2026-04-01T00:00:00Z" });
const base64 = (text: string) => Buffer.from(text).toString("base64");
const tlsSecret = (name: string) => ({
  metadata: { name, namespace: "shop" },
  type: "kubernetes.io/tls",
  data: { "tls.crt": base64(made.cert), "tls.key": base64(made.key) },
});
const ingresses = (...names: readonly string[]) => ({
  "/apis/networking.k8s.io/v1/ingresses": {
    items: [
      {
        metadata: { name: "web", namespace: "shop" },
        spec: { tls: names.map((secretName) => ({ secretName })) },
      },
    ],
  },
});
const gateways = {
  "/apis/gateway.networking.k8s.io/v1/gateways": {
    items: [
      {
        metadata: { name: "public", namespace: "edge" },
        spec: {
          gatewayClassName: "x",
          listeners: [
            {
              name: "https",
              port: 443,
              protocol: "HTTPS",
              tls: {
                certificateRefs: [
                  { name: "own" },
                  { name: "shop-tls", namespace: "shop" },
                  { group: "example.com", kind: "Vault", name: "elsewhere" },
                ],
              },
            },
          ],
        },
      },
    ],
  },
};
const secretPath = (name: string, namespace = "shop") => `/api/v1/namespaces/${namespace}/secrets/${name}`;
/** As an API server prints it, and only where it was asked for a table and nothing else. */
const table = (type: string) => (url: URL, res: ServerResponse, req: IncomingMessage) => {
  if (
    req.headers.accept !== "application/json;as=Table;v=v1;g=meta.k8s.io" ||
    url.search !== "?includeObject=None"
  )
    return sendStatus(res, 500, "the whole Secret was asked for");
  return send(res, {
    kind: "Table",
    columnDefinitions: [{ name: "Name" }, { name: "Type" }, { name: "Data" }],
    rows: [{ cells: ["a", type, 3], object: null }],
  });
};

describe("without the setting", () => {
  it("asks for no Secret, and says how to have them read", async () => {
    const { objects, unread, requests } = await read(
      { "/api/v1/secrets": { items: [tlsSecret("shop-tls")] } },
      false,
    );
    expect(requests).toEqual([]);
    expect(objects.secrets).toBeUndefined();
    expect(unread.secrets).toEqual({
      reason: "switched-off",
      message: "TLS Secrets are read only where THROUGHLINE_TLS_SECRETS=1 asks for it.",
      remedy: '- apiGroups: [""]\n  resources: ["secrets"]\n  verbs: ["get", "list"]',
    });
    expect(unread.externalSecrets?.reason).toBe("switched-off");
    // They say of themselves how they stand.
    expect(objects.certificates).toEqual([]);
  });

  it("knows of kinds that are not served that there are none", async () => {
    const served = servedToday();
    delete served["external-secrets.io/v1"];
    expect((await read(discoveryOf(served), false)).unread.externalSecrets?.reason).toBe("not-served");
  });
});

describe("with the setting", () => {
  it("lists TLS Secrets and no others", async () => {
    const { objects, unread, requests } = await read({
      ...ingresses("shop-tls"),
      "/api/v1/secrets": { items: [tlsSecret("shop-tls")] },
    });
    expect(requests).toEqual(["GET /api/v1/secrets?limit=50&fieldSelector=type%3Dkubernetes.io%2Ftls"]);
    expect(objects.secrets).toMatchObject([{ name: "shop-tls", tls: { key: "of-first" } }]);
    expect(unread.secrets).toBeUndefined();
  });

  it("asks of others that are named only for their type, in a table", async () => {
    const { objects, unread, requests } = await read({
      ...ingresses("shop-tls", "opaque", "gone", "opaque", "../pods"),
      ...gateways,
      "/api/v1/secrets": { items: [tlsSecret("shop-tls")] },
      [secretPath("opaque")]: table("Opaque"),
    });
    expect(requests.filter((request) => request.includes("/namespaces/")).sort()).toEqual([
      "GET /api/v1/namespaces/edge/secrets/own?includeObject=None",
      "GET /api/v1/namespaces/shop/secrets/gone?includeObject=None",
      "GET /api/v1/namespaces/shop/secrets/opaque?includeObject=None",
    ]);
    expect(objects.secrets?.map(({ id, type }) => [id, type])).toEqual([
      ["secret/shop/opaque", "Opaque"],
      ["secret/shop/shop-tls", "kubernetes.io/tls"],
    ]);
    expect(unread.secrets).toBeUndefined();
  });

  it("reads one that was made meanwhile like the others", async () => {
    let asked = 0;
    const { objects } = await read({
      ...ingresses("late"),
      [secretPath("late")]: (url: URL, res: ServerResponse, req: IncomingMessage) =>
        asked++ === 0 ? table("kubernetes.io/tls")(url, res, req) : send(res, tlsSecret("late")),
    });
    expect(objects.secrets).toMatchObject([{ name: "late", tls: { kind: "certificates" } }]);
  });

  it.each<[string, Answer, object]>([
    [
      "it may list and not get",
      (_url: URL, res: ServerResponse) => sendStatus(res, 403, 'User "reader" cannot get resource "secrets"'),
      { reason: "forbidden", message: 'User "reader" cannot get resource "secrets"' },
    ],
    [
      "the server knows no tables",
      (_url: URL, res: ServerResponse) => sendStatus(res, 406, "only the following media types are accepted"),
      { reason: "failed", message: expect.stringContaining("only the following media types") },
    ],
    ["the server sends something else", { kind: "Secret" }, { reason: "failed" }],
  ])("does not take one for missing where %s", async (_what, answer, why) => {
    const { objects, unread } = await read({
      ...ingresses("shop-tls", "other"),
      "/api/v1/secrets": { items: [tlsSecret("shop-tls")] },
      [secretPath("other")]: answer,
    });
    expect(objects.secrets?.map(({ name }) => name)).toEqual(["shop-tls"]);
    expect(unread.secrets).toMatchObject(why);
  });

  it("looks up only so many", async () => {
    const { requests, unread } = await read(ingresses(...Array.from({ length: 300 }, (_, i) => `s${i}`)));
    expect(requests.filter((request) => request.includes("/namespaces/"))).toHaveLength(200);
    expect(unread.secrets?.message).toMatch(/More than 200/);
  });

  it("says which rule is missing where RBAC forbids it", async () => {
    const { objects, unread } = await read({
      "/api/v1/secrets": (_url: URL, res: ServerResponse) => sendStatus(res, 403, "secrets is forbidden"),
    });
    expect(objects.secrets).toBeUndefined();
    expect(unread.secrets).toEqual({
      reason: "forbidden",
      message: "secrets is forbidden",
      remedy: '- apiGroups: [""]\n  resources: ["secrets"]\n  verbs: ["get", "list"]',
    });
  });
});
