/**
 * The same questions questions of the demo, of its folder as files, of a real cluster with the demo's objects in it, and of
 * that cluster's dump, meet the same hops. The real cluster: REAL_CLUSTER_KUBECONFIG, with what
 * `node scripts/demo-as-manifests.ts` prints applied and its pods running (`.ci/run` does so). Needs kubectl.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { World } from "#lib/engine/trace/world.ts";
import { traceOf, worldOf } from "#lib/testing/ask.ts";
import { demoSource } from "./sources/demo/demo-source.ts";
import { filesSource } from "./sources/files/files-source.ts";
import { kubeSource } from "./sources/kube/kube-source.ts";
import { listKubeContexts } from "./sources/kube/list-kube-contexts.ts";
import type { Source } from "./sources/source.ts";

const kubeconfig = process.env.REAL_CLUSTER_KUBECONFIG ?? "";
const demoFolder = path.resolve(import.meta.dirname, "../../demo/cluster");

/** Each with what is true of it in the demo, so that equal answers cannot be equally wrong. */
const questions = [
  ["shop/deployment/notifications mail-relay.platform 25", "blocked", "a policy does not let it ask DNS"],
  ["shop/deployment/storefront shop/service/recommendations", "blocked", "the Service selects no pod"],
  ["payments/deployment/payment-api payments/service/fraud", "blocked", "target port leads nowhere"],
  [
    "shop/deployment/checkout payments/service/payment-api",
    "blocked",
    "a policy stops it at the destination",
  ],
  ["shop/deployment/checkout payments/deployment/payment-api 8080", "blocked", "stops it at the destination"],
  ["observability/statefulset/prometheus platform/service/kafka", "reachable", ""],
  ["shop/deployment/checkout kube-system/service/kube-dns 53 UDP", "reachable", ""],
  ["shop/deployment/storefront payments/statefulset/ledger 5432", "blocked", "stops it at the destination"],
] as const;

async function worldOfSource(source: Source): Promise<World> {
  const result = await source.read(() => {}, new AbortController().signal);
  if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
  return worldOf(compileFacts(result.snapshot, "2030-01-01T00:00:00Z"));
}

/** A trace's hops without what differs between two clusters of the same objects: addresses and the ends of pods' names. */
function met(world: World, question: string): readonly string[] {
  const { verdict, blockers, hops } = traceOf(world, question);
  return [
    verdict,
    ...blockers,
    ...hops.map(({ kind, outcome, title, sentence }) => `${kind} ${outcome} ${title}: ${sentence}`),
  ].map(plain);
}

function plain(text: string): string {
  return text
    .replaceAll(/\d+\.\d+\.\d+\.\d+(?!\/)/g, "IP")
    .replaceAll(/([a-z]+(?:-[a-z]+)*)-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, "$1");
}

describe("the demo's questions", () => {
  let demo: World;
  beforeAll(async () => {
    demo = await worldOfSource(demoSource(process.cwd()));
  });

  it.each(questions)("%s: %s, %s", (question, verdict, why) => {
    const answer = traceOf(demo, question);
    expect(answer.verdict).toBe(verdict);
    expect(answer.sentence).toContain(why);
  });

  it("meet the same hops in the demo's folder, read as files", async () => {
    const files = await worldOfSource(filesSource(demoFolder, { id: "files", name: "demo" }));
    for (const [question] of questions) {
      // Files may lack kinds of which the demo is known to have none, and are remarked on for it.
      const { remarks } = traceOf(demo, question);
      expect({ ...traceOf(files, question), remarks }).toEqual(traceOf(demo, question));
    }
  });

  describe.skipIf(kubeconfig === "")("and a real cluster (set REAL_CLUSTER_KUBECONFIG to run)", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "throughline-hops-"));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("meet the same hops live and from its dump", async () => {
      const listed = listKubeContexts({ ...process.env, KUBECONFIG: kubeconfig });
      const context = listed.kind === "contexts" ? listed.contexts.find(({ current }) => current) : undefined;
      if (context === undefined) throw new Error(`${kubeconfig} has no current context`);
      const live = await worldOfSource(
        kubeSource(context, { env: { ...process.env, KUBECONFIG: kubeconfig } }),
      );
      const file = path.join(folder, "dump.yaml");
      const dumped =
        "namespaces,nodes,pods,services,endpointslices,configmaps,deployments,replicasets,statefulsets,daemonsets,networkpolicies";
      writeFileSync(
        file,
        execFileSync("kubectl", ["--kubeconfig", kubeconfig, "get", dumped, "-A", "-o", "yaml"], {
          maxBuffer: 1 << 28,
        }),
      );
      const dump = await worldOfSource(filesSource(file, { id: "files", name: "dump" }));
      for (const [question] of questions) {
        expect(met(live, question)).toEqual(met(demo, question));
        expect(met(dump, question)).toEqual(met(demo, question));
      }
    }, 120_000);
  });
});
