/** A server that is told to end cuts nobody off, and is gone soon. */
import { expect, serve, test } from "./serve.ts";

test("a server that is told to end sends its streams elsewhere, and is gone within seconds", async () => {
  const served = await serve(["--demo"]);
  const ready = await fetch(`${served.url}/readyz`);
  expect(ready.status).toBe(200);
  const streams = await Promise.all(
    [1, 2, 3].map(() => fetch(`${served.url}/api/v1/clusters/demo/stream?watch=/findings`)),
  );
  const told = streams.map((stream) => stream.text());
  const started = Date.now();
  await served.stop();
  expect(Date.now() - started).toBeLessThan(5_000);
  for (const text of await Promise.all(told)) {
    expect(text).toContain("retry: ");
    expect(text.trimEnd().endsWith("event: ending\ndata: {}")).toBe(true);
  }
});
