/** Reading some namespaces only (THROUGHLINE_NAMESPACES), for whoever has rights in those alone. */
import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { allKinds } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { type Answer, apiStandIn, readCluster, type StandIn, sendStatus } from "./api-stand-in.ts";
import { pathOf, resourcesOf } from "./resources.ts";

const open: StandIn[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const namespaces = ["shop", "payments"] as const;

const forbidden: Answer = (url: URL, res: ServerResponse) =>
  sendStatus(res, 403, `${url.pathname} is forbidden: User "reader" cannot list it`);

const pod = (name: string, namespace: string) => ({
  metadata: { name, namespace },
  spec: { containers: [{ name: "web" }] },
  status: { phase: "Running" },
});

/** Every kind in the two namespaces, empty; nothing cluster-wide. */
function rightsInTwoNamespaces(
  more: Readonly<Record<string, Answer>> = {},
): Readonly<Record<string, Answer>> {
  const answers: Record<string, Answer> = {};
  for (const resource of allKinds.flatMap(resourcesOf)) {
    answers[pathOf(resource)] = forbidden;
    for (const namespace of namespaces) answers[pathOf(resource, namespace)] = { items: [] };
  }
  for (const name of namespaces) answers[`/api/v1/namespaces/${name}`] = { metadata: { name } };
  return { ...answers, ...more };
}

async function read(
  more: Readonly<Record<string, Answer>> = {},
): Promise<{ snapshot: Snapshot; server: StandIn }> {
  const server = await apiStandIn(rightsInTwoNamespaces(more));
  open.push(server);
  const result = await readCluster(server.url, { namespaces });
  if (result.kind === "failed") throw new Error(result.failure.detail);
  return { snapshot: result.snapshot, server };
}

const podsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

describe("with rights in two namespaces only", () => {
  it("reads what is in them, and the namespaces themselves", async () => {
    const { snapshot, server } = await read({
      [podsOf("shop")]: { items: [pod("web", "shop")] },
      [podsOf("payments")]: { items: [pod("card", "payments")] },
      "/api/v1/namespaces/payments": { metadata: { name: "payments", labels: { team: "money" } } },
    });
    expect(snapshot.objects.pods?.map(({ id }) => id)).toEqual(["pod/payments/card", "pod/shop/web"]);
    expect(snapshot.objects.namespaces).toMatchObject([
      { name: "payments", labels: { team: "money" } },
      { name: "shop" },
    ]);
    expect(server.requests.filter((request) => request.startsWith("GET /api/v1/pods"))).toEqual([]);
  });

  it("never takes them for the whole: what is elsewhere is not known", async () => {
    const { snapshot } = await read();
    for (const plural of ["pods", "namespaces", "networkPolicies", "endpointSlices"] as const) {
      expect(snapshot.unread[plural], plural).toMatchObject({
        reason: "switched-off",
        message: expect.stringContaining("shop, payments"),
      });
    }
  });

  it("says of what is in no namespace that it may not be read", async () => {
    const { snapshot } = await read();
    for (const plural of ["nodes", "ingressClasses"] as const) {
      expect(snapshot.objects[plural], plural).toBeUndefined();
      expect(snapshot.unread[plural], plural).toMatchObject({ reason: "forbidden" });
    }
  });

  it("shows what one namespace refuses, beside what the other gives", async () => {
    const { snapshot } = await read({
      [podsOf("shop")]: forbidden,
      [podsOf("payments")]: { items: [pod("card", "payments")] },
    });
    expect(snapshot.objects.pods).toHaveLength(1);
    expect(snapshot.unread.pods).toMatchObject({
      reason: "forbidden",
      message: expect.stringContaining("namespaces/shop/pods"),
      remedy: expect.stringContaining('resources: ["pods"]'),
    });
  });

  it("begins a namespace's list again where its pages have expired, without the others'", async () => {
    let asked = 0;
    const { snapshot } = await read({
      [podsOf("shop")]: { items: [pod("web", "shop")] },
      [podsOf("payments")]: ((url: URL, res: ServerResponse) => {
        if (url.searchParams.has("continue") && ++asked === 1) return sendStatus(res, 410, "expired");
        const isFirst = !url.searchParams.has("continue");
        res.writeHead(200, { "content-type": "application/json" }).end(
          JSON.stringify({
            metadata: isFirst ? { continue: "more" } : {},
            items: [pod(isFirst ? "card" : "cash", "payments")],
          }),
        );
      }) satisfies Answer,
    });
    expect(snapshot.objects.pods?.map(({ name }) => name)).toEqual(["card", "cash", "web"]);
  });

  it("gives no picture where nothing may be read in any of them", async () => {
    const nothing = Object.fromEntries(
      Object.keys(rightsInTwoNamespaces()).map((path) => [path, forbidden] as const),
    );
    const server = await apiStandIn({
      ...nothing,
      "/api/v1/namespaces/kube-system/configmaps/coredns": forbidden,
    });
    open.push(server);
    expect(await readCluster(server.url, { namespaces })).toMatchObject({
      kind: "failed",
      failure: { code: "forbidden" },
    });
  });
});
