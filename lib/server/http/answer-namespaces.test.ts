import { afterAll, beforeAll, expect, it } from "vitest";
import { namespacesAnswerSchema } from "#lib/protocol/answers.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerNamespaces } from "./answer-namespaces.ts";

const yaml = `kind: Namespace
apiVersion: v1
metadata: {name: empty}
---
kind: Service
apiVersion: v1
metadata: {name: broken, namespace: shop}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
kind: Namespace
apiVersion: v1
metadata: {name: shop}
---
kind: Namespace
apiVersion: v1
metadata: {name: edge}
---
kind: Pod
apiVersion: v1
metadata: {name: web, namespace: edge}
spec: {containers: []}
`;

beforeAll(() => serveSources(sourceOf("prod", { kind: "snapshot", snapshot: snapshotFromYaml(yaml) })));
afterAll(() => serveRegistry(undefined));

const ask = (id: string) => answerNamespaces(get(`/api/v1/clusters/${id}/namespaces`), id);

it("every namespace is told with what is broken in it, also one with nothing in it", async () => {
  expect(await jsonOf(await ask("prod"), namespacesAnswerSchema)).toEqual({
    namespaces: [
      { name: "edge", broken: 1, partial: 0 },
      { name: "empty", broken: 0, partial: 0 },
      { name: "shop", broken: 1, partial: 0 },
    ],
  });
});

it("a cluster that there is not is said to be none", async () => {
  expect(await problemOf(await ask("nowhere"))).toMatchObject({ status: 404 });
});
