/**
 * The same cluster read live and from a dump of it gives the same graph. Against a real API server:
 * REAL_CLUSTER_KUBECONFIG is its admin's kubeconfig (skipped where it is not set). Needs kubectl.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { buildGraph } from "#lib/graph/build-graph.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { filesSource } from "./sources/files/files-source.ts";
import { kubeSource } from "./sources/kube/kube-source.ts";
import { listKubeContexts } from "./sources/kube/list-kube-contexts.ts";
import type { Source } from "./sources/source.ts";

const kubeconfig = process.env.REAL_CLUSTER_KUBECONFIG ?? "";

const dumped = [
  "namespaces,nodes,pods,services,endpointslices,endpoints,configmaps,events",
  "deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs",
  "ingresses,ingressclasses,networkpolicies",
  "gatewayclasses,gateways,listenersets,httproutes,grpcroutes,tlsroutes,tcproutes,udproutes,referencegrants",
  "clusternetworkpolicies,adminnetworkpolicies,baselineadminnetworkpolicies",
].join(",");

/** One moment for both, so that ages read the same. */
const now = "2030-01-01T00:00:00Z";

async function read(source: Source): Promise<Snapshot> {
  const result = await source.read(() => {}, new AbortController().signal);
  if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
  return result.snapshot;
}

function drawn(snapshot: Snapshot) {
  const facts = compileFacts(snapshot, now);
  const { findings, cannotTell } = runChecks(facts);
  const graph = buildGraph(facts, findings);
  return {
    nodes: Object.fromEntries(graph.nodes.map((node) => [node.id, node])),
    edges: Object.fromEntries(graph.edges.map((edge) => [edge.id, edge])),
    cannotTell: new Set(cannotTell.map(({ code }) => code)),
    findings: findings.map(({ code, subject, part, message }) => ({ code, subject, part, message })),
  };
}

describe.skipIf(kubeconfig === "")("a real cluster (set REAL_CLUSTER_KUBECONFIG to run)", () => {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "throughline-dump-"));
    // What other tests made goes first: of a namespace that is half gone a dump can tell less than a live read.
    await vi.waitFor(() => expect(namespaces()).not.toContain("Terminating"), {
      timeout: 90_000,
      interval: 500,
    });
  }, 100_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["json", "yaml"])(
    "gives the same graph and findings live and from its %s dump",
    async (format) => {
      const env = { ...process.env, KUBECONFIG: kubeconfig };
      const listed = listKubeContexts(env);
      const context = listed.kind === "contexts" ? listed.contexts.find((c) => c.current) : undefined;
      if (context === undefined) throw new Error(`${kubeconfig} has no current context`);
      const file = path.join(folder, `dump.${format}`);
      // Kinds that this API server does not serve make kubectl fail after it printed the others.
      const served = dumped.split(",").filter((kind) => isServed(kind));
      const takeDump = () =>
        writeFileSync(
          file,
          execFileSync("kubectl", ["--kubeconfig", kubeconfig, "get", served.join(","), "-A", "-o", format], {
            maxBuffer: 1 << 28,
          }),
        );
      const { live, dump } = await whileStill(
        async () => drawn(await read(kubeSource(context, { env }))),
        async () => {
          takeDump();
          return drawn(await read(filesSource(file, { id: "files", name: "dump" })));
        },
      );
      expect(Object.keys(live.nodes).length).toBeGreaterThan(0);
      expect(dump.nodes).toEqual(live.nodes);
      expect(dump.edges).toEqual(live.edges);
      // A dump cannot say "there are none" of a kind of which it holds none; a check that needs to know says so.
      const told = live.findings.filter(({ code }) => !dump.cannotTell.has(code));
      expect(dump.findings.filter(({ code }) => !dump.cannotTell.has(code))).toEqual(told);
      expect(live.findings).toEqual(expect.arrayContaining(dump.findings));
    },
    120_000,
  );
});

/** Other tests change the cluster meanwhile: what is compared was read while it was the same before and after. */
async function whileStill<T>(
  readLive: () => Promise<T>,
  readDump: () => Promise<T>,
): Promise<{ live: T; dump: T }> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const live = await readLive();
    const dump = await readDump();
    if (isDeepStrictEqual(live, await readLive())) return { live, dump };
  }
  throw new Error("the cluster never held still");
}

function namespaces(): string {
  return execFileSync("kubectl", ["--kubeconfig", kubeconfig, "get", "namespaces"], { encoding: "utf8" });
}

function isServed(kind: string): boolean {
  try {
    execFileSync("kubectl", ["--kubeconfig", kubeconfig, "get", kind, "-A", "-o", "name"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    return true;
  } catch {
    return false;
  }
}
