/**
 * Every check's fixture through a real API server: it takes the broken objects, and read live they give the findings
 * that the file gives. REAL_API_SERVER_KUBECONFIG is the admin's kubeconfig of a control plane without controllers
 * (skipped where it is not set), so that the objects stay as they are put. Needs kubectl.
 */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Check } from "#lib/diagnosis/check.ts";
import { checks } from "#lib/diagnosis/registry.ts";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { type Document, documentsOf, yamlOf } from "#lib/testing/check-fixture.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { type Outcome, type RealApiServer, realApiServer } from "#lib/testing/real-api-server.ts";
import { kubeSource } from "./sources/kube/kube-source.ts";
import { listKubeContexts } from "./sources/kube/list-kube-contexts.ts";

const kubeconfig = process.env.REAL_API_SERVER_KUBECONFIG ?? "";
if (kubeconfig === "")
  console.error("fixtures-live.real.test.ts is skipped: REAL_API_SERVER_KUBECONFIG is not set");

/** What a server refuses, and why it stands in the fixture all the same. Anything else that is refused is a mistake there. */
const refusals: readonly { readonly checks: RegExp; readonly says: RegExp; readonly because: string }[] = [
  {
    checks: /^service\/(duplicate-cluster-ip|node-port-conflict)$/,
    says: /already allocated|Duplicate value/,
    because: "it gives an address or port out once; two of one come from restored backups and from bugs",
  },
  {
    checks: /^service\/node-port-conflict$/,
    says: /nodePort: Forbidden: may not be used when `type` is 'ClusterIP'/,
    because: "it is a healthy twin that only files have",
  },
  {
    checks: /^service\/(duplicate-cluster-ip|ip-family-mismatch)$/,
    says: /not in the valid range|not configured on this cluster/,
    because: "it has one IP family and does not know these addresses",
  },
  {
    checks: /^service\/external-name-loops-or-has-ports$/,
    says: /externalName: Invalid value/,
    because: "names of this form stand in files only",
  },
  {
    checks: /^(tls|gateway|ingress|route)\//,
    says: /lowercase RFC 1123|hostnames? in body should match/,
    because: "host names in capitals stand in files only; DNS takes them for the same",
  },
  {
    checks: /^policy\/invalid$/,
    says: /must be between 1 and 65535|Unsupported value/,
    because: "what the API refuses is what the check finds in files, before they are applied",
  },
  {
    checks: /^pod\/dns-policy$/,
    says: /must provide `dnsConfig` when `dnsPolicy` is None/,
    because: "what the API refuses is what the check finds in files, before they are applied",
  },
  {
    checks: /^pod\/probe-port-unserved$/,
    says: /must specify a handler type|may not be set for init containers|must not be set for init containers/,
    because: "servers before 1.24 know no probes by gRPC, and before 1.28 none of init containers",
  },
  {
    checks: /./,
    says: /in body must be of type string: "null"/,
    because: "servers before 1.21 take an empty text in a custom resource for null",
  },
];

/** Without what a server gives each object: a status, addresses, node ports. */
const onlyInFiles: Readonly<Record<string, readonly string[]>> = {
  "gateway/no-address": ["Gateway/edge/fresh"],
  "pod/dns-policy": ["DaemonSet/shop/searching"],
  "service/load-balancer-pending": ["Service/shop/planned"],
  "service/unprotected-exposure": ["Service/shop/door"],
};

describe.skipIf(kubeconfig === "")("a real API server (set REAL_API_SERVER_KUBECONFIG to run)", () => {
  let server: RealApiServer;
  /** What is there without us. */
  let own: ReadonlySet<string>;
  beforeAll(async () => {
    server = await realApiServer(kubeconfig);
    own = new Set(objectsOf(await readLive()).map(({ id }) => id));
  });
  afterEach(() => server.clear(), 60_000);
  let compared = 0;
  afterAll(() => server.stop());

  it.each(checks)(
    "takes what $id is about, and gives the same findings live",
    async (check) => {
      const yaml = readFileSync(new URL(`../diagnosis/checks/${check.id}.yaml`, import.meta.url), "utf8");
      const inFiles = onlyInFiles[check.id] ?? [];
      const outcomes = await server.put(
        documentsOf(yaml).filter((document) => !inFiles.includes(named(document))),
      );
      for (const outcome of outcomes) tell(check, outcome);
      const kept = outcomes.flatMap((outcome) => (outcome.kind === "put" ? [outcome.document] : []));
      const written = snapshotFromYaml(yamlOf(kept));
      const live = findings(check, withWrittenTimes(await readLive(), written));
      const expected = findings(check, written);
      const given = new Set<string>(objectsOf(written).map(({ id }) => id));
      expect(live.filter(({ subject }) => !own.has(subject) || given.has(subject))).toEqual(expected);
      compared += expected.length;
    },
    60_000,
  );

  it("had something to compare: an old server knows little of some fixtures, and no server so little of all", () => {
    expect(compared).toBeGreaterThan(checks.length);
  });
});

/** What is left out on both sides is told; a refusal that has no reason fails. */
function tell({ id }: Check, outcome: Outcome): void {
  const object = named(outcome.document);
  switch (outcome.kind) {
    case "put":
      return;
    case "not-served":
      console.error(`${id}: ${object} is of a kind that this server has not`);
      return;
    case "dropped":
      console.error(`${id}: this server does not know ${outcome.fields.join(", ")} of ${object}`);
      return;
    case "refused": {
      const reason = refusals.find(({ checks: about, says }) => about.test(id) && says.test(outcome.why));
      if (reason === undefined) throw new Error(`${object} was refused: ${outcome.why}`);
      console.error(`${id}: this server refuses ${object}: ${reason.because}`);
    }
  }
}

function findings(check: Check, snapshot: Snapshot) {
  return runChecks(compileFacts(snapshot, "2026-01-01T00:00:00Z"), [check]).findings;
}

/** When an object was made, and when it is to be gone, only a server says; what follows from that is compared as written. */
function withWrittenTimes(live: Snapshot, written: Snapshot): Snapshot {
  const known = new Map(objectsOf(written).map((object) => [object.id, object]));
  const retimed = <T extends ClusterObject>(object: T): T => {
    const { createdAt, deletingAt } = known.get(object.id) ?? object;
    return { ...object, createdAt, deletingAt: object.deletingAt === undefined ? undefined : deletingAt };
  };
  const { objects } = live;
  const lists = Object.entries(objects).map(([plural, list]) => [
    plural,
    list === undefined ? undefined : [...list].map(retimed),
  ]);
  return { ...live, objects: { ...objects, ...Object.fromEntries(lists) } };
}

function objectsOf({ objects }: Snapshot): readonly ClusterObject[] {
  return Object.values(objects).flatMap((list): readonly ClusterObject[] => list ?? []);
}

function named({ kind, metadata }: Document): string {
  const { name, namespace } = z
    .object({ name: z.string(), namespace: z.string().optional() })
    .parse(metadata);
  return [String(kind), ...(namespace === undefined ? [] : [namespace]), name].join("/");
}

async function readLive(): Promise<Snapshot> {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const listed = listKubeContexts(env);
  const context = listed.kind === "contexts" ? listed.contexts.find((each) => each.current) : undefined;
  if (context === undefined) throw new Error(`${kubeconfig} has no current context`);
  const source = kubeSource(context, { env, tlsSecrets: true });
  const result = await source.read(() => {}, new AbortController().signal);
  if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
  return result.snapshot;
}
