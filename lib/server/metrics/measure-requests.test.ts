import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { measureRequests } from "./measure-requests.ts";
import { metrics } from "./metrics.ts";

const server = createServer((request, response) => {
  response.statusCode = request.url === "/nope" ? 404 : 200;
  response.end("ok");
});
let base: string;
beforeAll(async () => {
  measureRequests();
  measureRequests();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it("counts each answer once, by method, route and status, and no stream", async () => {
  for (const path of [
    "/api/v1/clusters/prod/graph?ns=shop",
    "/api/v1/clusters/test/graph",
    "/nope",
    "/api/v1/clusters/prod/stream",
  ])
    await (await fetch(`${base}${path}`)).text();
  await (await fetch(`${base}/healthz`, { method: "DELETE" })).text();
  const { values } = await metrics().answerSeconds.get();
  const counts = values.flatMap(({ metricName, labels, value }) =>
    metricName?.endsWith("_count") === true ? [[labels.method, labels.route, labels.status, value]] : [],
  );
  expect(counts).toEqual([
    ["GET", "/api/v1/clusters/{id}/graph", "200", 2],
    ["GET", "other", "404", 1],
    ["other", "/healthz", "200", 1],
  ]);
});
