/**
 * What real people run: a real cluster's dump with faults in it, a real support bundle, and, where one is running, a
 * real API server. Skipped where that input is not beside the project.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { type Served, serve } from "./serve.ts";

const input = path.resolve(import.meta.dirname, "../../shared/real-input");
const hasInput = existsSync(path.join(input, "faulty.yaml"));
const kubeconfig = process.env.REAL_CLUSTER_KUBECONFIG ?? "";
const readerKubeconfig = process.env.REAL_CLUSTER_READER_KUBECONFIG ?? "";

const card = (page: Page, id: string) => page.locator(`[data-map] [data-node="${id}"]`);
const panel = (page: Page) => page.getByRole("complementary", { name: "Details" });
const ready = (page: Page) => expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");

const test = base.extend<object, { faulty: Served }>({
  faulty: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to find what a fixture needs
    async ({}, use) => {
      const served = await serve(["--files", path.join(input, "faulty.yaml")]);
      await use(served);
      await served.stop();
    },
    { scope: "worker" },
  ],
});

/** The faults of the dump's own list that this page shows: where on the map, and what the panel says of them. */
const faults = [
  {
    fault: "1, a selector that matches nothing",
    id: "service/boutique/emailservice",
    says: /1 label differs: the selector asks app=emailservices, pods of deployment\/emailservice carry app=emailservice/,
  },
  {
    fault: "2, a target port that no pod declares",
    id: "service/boutique/recommendationservice",
    says: /grpc-web, which none of its 2 pods declare/,
  },
  {
    fault: "3, no ready endpoint",
    id: "service/boutique/productcatalogservice",
    says: /CrashLoopBackOff, 12 restarts/,
  },
  {
    fault: "4, some endpoints not ready",
    id: "service/boutique/cartservice",
    says: /endpoints serve port 7070/,
  },
  {
    fault: "5, a missing backend and a missing port",
    id: "ingress/boutique/admin",
    says: /Service adminservice, which does not exist in boutique[\s\S]*port 7071 of cartservice, which has no such port[\s\S]*it has port 7070/,
  },
  {
    fault: "9, a backend without a ReferenceGrant",
    id: "http-route/sock-shop/checkout",
    says: /no ReferenceGrant in boutique allows that from sock-shop/,
  },
  {
    fault: "10, a route that the listener does not admit",
    id: "http-route/boutique/shop",
    says: /NotAllowedByListeners[\s\S]*listener http admits namespaces labelled expose=true; boutique is not/,
  },
  {
    fault: "12, a load balancer without an address",
    id: "service/sock-shop/front-end",
    says: /load balancer of front-end has no address/,
  },
] as const;

/** Faults in policies, which are no cards on the map: they show on the workload that the policy guards or was meant for. */
const policyFaults = [
  {
    fault: "8, a peer that matches nothing",
    id: "network-policy/sock-shop/queue-from-boutique",
    on: "deployment/sock-shop/queue-master",
    says: /Pods with these labels exist in namespace boutique; the peer has no namespaceSelector/,
  },
  {
    fault: "the real one: cart-access selects nothing",
    id: "network-policy/sock-shop/cart-access",
    on: "deployment/sock-shop/carts",
    says: /the selector asks name=cart, pods of deployment\/carts carry name=carts/,
  },
] as const;

test.describe("a real cluster's dump", () => {
  test.skip(!hasInput, "needs ../shared/real-input beside the project");

  for (const { fault, id, says } of faults) {
    test(`shows fault ${fault}`, async ({ page, faulty }) => {
      await page.goto(`${faulty.url}/?show=${id}`);
      await ready(page);
      await expect(card(page, id)).toHaveAttribute("data-health", /broken|partial/);
      await expect(panel(page)).toContainText(says);
    });
  }

  for (const { fault, id, on, says } of policyFaults) {
    test(`shows fault ${fault}`, async ({ page, faulty }) => {
      await page.goto(`${faulty.url}/?show=${on}`);
      await ready(page);
      await expect(card(page, on)).toHaveAttribute("aria-pressed", "true");
      await expect(panel(page)).toContainText(says);
      await page.goto(`${faulty.url}/?show=${id}`);
      await expect(panel(page)).toContainText(says);
    });
  }

  test("takes a dropped support bundle", async ({ page, faulty }) => {
    await page.goto(faulty.url);
    await ready(page);
    await page.locator("input[data-open-file]").setInputFiles(path.join(input, "support-bundle.tar.gz"));
    await expect(page).toHaveURL(/cluster=support-bundle/);
    await ready(page);
    await expect(card(page, "service/kube-system/traefik")).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: /As of 20/ })).toBeVisible();
  });
});

test.describe("a real API server", () => {
  test.skip(
    kubeconfig === "" || readerKubeconfig === "",
    "needs REAL_CLUSTER_KUBECONFIG and REAL_CLUSTER_READER_KUBECONFIG",
  );

  test("is live for an administrator, and forbidden with the rule to ask for to who may read nothing", async ({
    page,
  }) => {
    const admin = await serve([], { KUBECONFIG: kubeconfig });
    try {
      await page.goto(admin.url);
      await ready(page);
      await expect(page.getByRole("status").filter({ hasText: /Live/ })).toBeVisible();
    } finally {
      await admin.stop();
    }
    const reader = await serve([], { KUBECONFIG: readerKubeconfig });
    try {
      await page.goto(reader.url);
      await expect(page.getByText(/forbidden|may not|not allowed/i).first()).toBeVisible();
    } finally {
      await reader.stop();
    }
  });

  test("a fix with kubectl turns an open trace green without a reload", async ({ page }) => {
    const select = (name: string) =>
      execFileSync("kubectl", [
        ...["--kubeconfig", kubeconfig, "-n", "shop", "patch", "service", "inventory", "--type", "merge"],
        ...["-p", JSON.stringify({ spec: { selector: { "app.kubernetes.io/name": name } } })],
      ]);
    const admin = await serve([], { KUBECONFIG: kubeconfig });
    try {
      select("inventoryy");
      await page.goto(`${admin.url}/trace?from=shop/deployment/checkout&to=inventory&port=80`);
      const verdict = page.locator("[data-verdict]");
      await expect(verdict).toContainText("Blocked.");
      await expect(page.getByText("1 label differs")).toBeVisible();
      select("inventory");
      await expect(verdict).toContainText("Reachable.", { timeout: 20_000 });
    } finally {
      select("inventory");
      await admin.stop();
    }
  });
});
