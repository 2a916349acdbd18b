/** Connectivity suites that Kubernetes' own projects wrote: every answer that they expect, and ours beside it. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { objectId } from "#lib/model/ids.ts";
import { snapshotFromText } from "#lib/server/sources/files/snapshot-from-text.ts";
import { parseAddress } from "../cidr.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import { compilePolicies, type PolicyVerdict } from "./compile-policies.ts";
import { type Dialect, undefinedDialect } from "./dialect.ts";
import type { PacketEnd } from "./packet.ts";

const folder = path.resolve(import.meta.dirname, "../../../../shared/suites");
const suites = ["k8s-e2e-netpol", "policy-assistant", "npa-conformance-v1alpha1", "npa-conformance-v1alpha2"];

const answer = z.enum(["allowed", "denied"]);
const suiteShape = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      manifests: z.array(z.string()),
      queries: z.array(
        z.object({
          src: z.string(),
          dst: z.string(),
          protocol: z.enum(["TCP", "UDP", "SCTP"]),
          port: z.number(),
          expected: answer,
          ingress: answer.optional(),
          egress: answer.optional(),
          ambiguous: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});
type Query = z.infer<typeof suiteShape>["cases"][number]["queries"][number];

function factsOf(manifests: readonly string[]): Facts {
  const text = manifests.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n---\n");
  return compileFacts(snapshotFromText(text, "suite.yaml", "cluster"), "2026-01-01T00:00:00Z");
}

function endOf(facts: Facts, text: string): PacketEnd {
  const [namespace = "", name] = text.split("/");
  if (name === undefined) return { kind: "outside", address: parseAddress(text) };
  const pod = facts.index.byId.get(objectId("pod", namespace, name));
  if (pod?.kind !== "pod") throw new Error(`no pod ${text}`);
  return { kind: "pod", pod, address: pod.ips[0] === undefined ? undefined : parseAddress(pod.ips[0]) };
}

function ask(facts: Facts, dialect: Dialect, { src, dst, port, protocol }: Query): PolicyVerdict {
  return compilePolicies(facts, dialect).verdict({
    source: endOf(facts, src),
    destination: endOf(facts, dst),
    port,
    protocol,
  });
}

/** The readings under which the suites' authors wrote their ambiguous questions. */
const theirs: Dialect = { ...undefinedDialect, ipBlockMatchesPods: "yes", ipBlockMatchesNodes: "yes" };

describe.skipIf(!existsSync(folder))(
  "connectivity suites (needs ../shared/suites beside the project)",
  () => {
    for (const suite of suites) {
      it(`agrees with every expectation of ${suite}`, ({ annotate }) => {
        const { cases } = suiteShape.parse(
          JSON.parse(readFileSync(path.join(folder, `${suite}.json`), "utf8")),
        );
        const wrong: string[] = [];
        const counts = { answered: 0, directions: 0, ambiguous: 0 };
        for (const { name, manifests, queries } of cases) {
          const facts = factsOf(manifests);
          for (const query of queries) {
            const isAmbiguous = query.ambiguous !== undefined;
            const verdict = ask(facts, isAmbiguous ? theirs : undefinedDialect, query);
            const words = `${name}: ${query.src} → ${query.dst} ${query.port}/${query.protocol}`;
            const hold = (what: string, given: string, expected: string | undefined) => {
              if (expected !== undefined && given !== expected)
                wrong.push(`${words} ${what}: ${given}, not ${expected}`);
            };
            hold("", verdict.decision, query.expected);
            hold("ingress", verdict.ingress.decision, query.ingress);
            hold("egress", verdict.egress.decision, query.egress);
            counts[isAmbiguous ? "ambiguous" : "answered"]++;
            counts.directions += Number(query.ingress !== undefined) + Number(query.egress !== undefined);
            // Without their reading these may be open, and never the other way round.
            if (isAmbiguous)
              hold(
                "open",
                ask(facts, undefinedDialect, query).decision === opposite(query.expected) ? "wrong" : "",
                "",
              );
          }
        }
        expect(wrong).toEqual([]);
        const line = `${suite}: ${counts.answered} questions answered as expected (${counts.directions} of single directions), ${counts.ambiguous} ambiguous ones with ipBlocks that match pods`;
        annotate(line);
        process.stdout.write(`${line}\n`);
        expect(counts.answered).toBeGreaterThan(200);
      });
    }
  },
);

function opposite(expected: "allowed" | "denied"): "allowed" | "denied" {
  return expected === "allowed" ? "denied" : "allowed";
}
