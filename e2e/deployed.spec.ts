/**
 * The built server as the Deployment runs it: not root, no capabilities, nothing that it could write to, with its
 * service account's own token against a real API server. Needs REAL_CLUSTER_KUBECONFIG, the kubeconfig of an
 * administrator, kubectl, and root with mount namespaces to give it all up in (skipped without).
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { dump, load } from "js-yaml";
import { z } from "zod";
import { freePort } from "#bench/abuse/attacked-server.ts";
import { packageRoot } from "#cli/package-root.ts";
import { kustomized } from "../deploy/manifests.ts";

const admin = process.env.REAL_CLUSTER_KUBECONFIG ?? "";
const canConfine =
  process.getuid?.() === 0 &&
  spawnSync("unshare", ["-m", "--propagation", "private", "mount", "-o", "remount,bind,ro", "/"]).status ===
    0;
/** A namespace of its own: `deploy/manifests.real.test.ts` makes, and ends, the one that the manifests name. */
const namespace = "throughline-confined";
const user = 65_532;

/**
 * What a container is made of, in a mount namespace of its own: an account's folder where kubelets put it, a root that
 * nobody can write to, another user without capabilities. Each step has to succeed.
 */
const confined = `set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/secrets/kubernetes.io/serviceaccount
cp "$ACCOUNT"/* /run/secrets/kubernetes.io/serviceaccount/
chmod 444 /run/secrets/kubernetes.io/serviceaccount/*
mount -o remount,ro /run
mount -o remount,bind,ro /
exec setpriv --reuid ${user} --regid ${user} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$NODE" .next/standalone/server.js`;

function kubectl(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("kubectl", ["--kubeconfig", admin, ...args], {
    encoding: "utf8",
    input,
  });
  if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

const yaml = (objects: readonly unknown[]) => objects.map((object) => dump(object)).join("---\n");

/** Its account and what that may do, as the base has it. */
function account(): readonly unknown[] {
  const own = kustomized("deploy/kustomize/base").filter(({ kind }) => /Role|ServiceAccount/.test(kind));
  const renamed = JSON.stringify(own).replaceAll(/"throughline(-dns)?"/g, `"${namespace}$1"`);
  return z.array(z.unknown()).parse(JSON.parse(renamed));
}

const config = z.object({
  clusters: z.array(
    z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }),
  ),
});

test.describe("a server that may nothing but read", () => {
  test.skip(admin === "" || !canConfine, "needs REAL_CLUSTER_KUBECONFIG, and root with mount namespaces");

  const folder = mkdtempSync(path.join(tmpdir(), "confined-"));
  let child: ChildProcess | undefined;
  let said = "";
  let url = "";

  test.beforeAll(async () => {
    test.setTimeout(120_000);
    kubectl(["create", "namespace", namespace]);
    kubectl(["apply", "-f", "-"], yaml(account()));
    kubectl(["-n", namespace, "create", "service", "clusterip", "web", "--tcp=80"]);
    kubectl(["-n", namespace, "create", "deployment", "web", "--image=web"]);
    // Laid out as the image is, and root's.
    const app = path.join(folder, "app");
    cpSync(path.join(packageRoot, ".next/standalone"), path.join(app, ".next/standalone"), {
      recursive: true,
    });
    const secrets = path.join(folder, "account");
    const { cluster } =
      config.parse(load(kubectl(["config", "view", "--raw", "--flatten"]))).clusters[0] ?? {};
    if (cluster === undefined) throw new Error("the kubeconfig has no cluster");
    spawnSync("mkdir", ["-p", secrets]);
    writeFileSync(
      path.join(secrets, "token"),
      kubectl(["-n", namespace, "create", "token", namespace]).trim(),
    );
    writeFileSync(path.join(secrets, "namespace"), namespace);
    writeFileSync(path.join(secrets, "ca.crt"), Buffer.from(cluster["certificate-authority-data"], "base64"));
    spawnSync("chmod", ["-R", "a=rX", folder]);
    const server = new URL(cluster.server);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    child = spawn("unshare", ["-m", "--propagation", "private", "sh", "-c", confined], {
      cwd: app,
      stdio: ["ignore", "pipe", "pipe"],
      // No home, no PATH of its own: only what the Deployment gives it.
      env: {
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        NODE: process.execPath,
        ACCOUNT: secrets,
        NODE_ENV: "production",
        HOSTNAME: "127.0.0.1",
        PORT: String(port),
        NEXT_TELEMETRY_DISABLED: "1",
        KUBERNETES_SERVICE_HOST: server.hostname,
        KUBERNETES_SERVICE_PORT: server.port,
      },
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
    await expect
      .poll(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status ?? said, {
        timeout: 60_000,
      })
      .toBe(200);
  });

  test.afterAll(async () => {
    if (child?.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], yaml(account()));
    kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
    rmSync(folder, { recursive: true });
  });

  test("shows its cluster, and never tries to write", async ({ page }) => {
    const status = readFileSync(`/proc/${child?.pid}/status`, "utf8");
    expect(status).toMatch(new RegExp(`^Uid:\\s+${user}\\s+${user}\\s+${user}\\s+${user}$`, "m"));
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);

    await page.goto(`${url}/?show=service/${namespace}/web`);
    await expect(page.locator("[data-map]")).toHaveAttribute("data-ready", "true");
    const panel = page.getByRole("complementary", { name: "Details" });
    await expect(panel.getByRole("heading", { level: 2, name: "web" })).toBeVisible();

    // What changes there shows by itself: its account may watch.
    await expect(page.getByRole("button", { name: "Hold the view" })).toBeVisible();
    kubectl(["-n", namespace, "delete", "service", "web"]);
    await expect(panel.getByRole("heading", { level: 2, name: "There is no Service web" })).toBeVisible();

    await page.goto(`${url}/findings`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.goto(`${url}/trace?from=${namespace}/deployment/web&to=10.96.0.1&port=443`);
    await expect(page.locator("[data-verdict]")).toBeVisible();
    await page.goto(`${url}/matrix`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(said).not.toMatch(/EACCES|EROFS|EPERM|ENOENT/);
    expect(said).not.toMatch(/"level":"(warn|error)"/);
  });
});
