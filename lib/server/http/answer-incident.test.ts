import { afterEach, beforeEach, expect, it } from "vitest";
import { incidentSchema } from "#lib/protocol/incident.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { clusters } from "../clusters.ts";
import { demoSource } from "../sources/demo/demo-source.ts";
import { answerIncident, changeIncident } from "./answer-incident.ts";

beforeEach(() => serveSources(demoSource(process.cwd())));
afterEach(() => serveRegistry(undefined));

const act = (body: unknown) =>
  changeIncident(
    new Request("http://x/api/v1/demo", {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );

it("stands at the cluster as it was until someone acts", async () => {
  const view = await jsonOf(await answerIncident(), incidentSchema);
  expect(view).toMatchObject({ step: 0, playing: false });
  expect(view.steps.map(({ title }) => title)).toHaveLength(5);
});

it("shows a step to all who follow the demo", async () => {
  const session = clusters().get("demo");
  await session?.answers(30_000);
  const told = new Promise<void>((resolve) => session?.follow(resolve));
  await jsonOf(await act({ do: "show", step: 2 }), incidentSchema);
  await told;
  const { answers } = session?.current() ?? {};
  expect(answers?.version).toBe(2);
  const checkout = [...(answers?.facts.services.values() ?? [])].find(
    ({ service }) => service.name === "checkout",
  );
  expect(checkout).toMatchObject({ ready: 0, total: 5 });
});

it.each([
  ["not JSON", "malformed-action"],
  [{ do: "explode" }, "malformed-action"],
  [{ do: "show", step: 99 }, "malformed-action"],
  [{ do: "show", step: -1 }, "malformed-action"],
])("says of %j what it takes", async (body, type) => {
  const problem = await problemOf(await act(body));
  expect(problem).toMatchObject({ type: `/problems/${type}`, status: 400 });
});

it("is not there where there is no demo", async () => {
  serveSources(sourceOf("prod", { kind: "snapshot", snapshot: snapshotFromYaml("") }));
  expect((await problemOf(await answerIncident())).status).toBe(404);
});
