/** Some hundreds of everything that `npm run bench -- --only abuse` sends a hundred thousand of. */
import { expect, test } from "@playwright/test";
import { holdConnections } from "#bench/abuse/hold.ts";
import { runAbuse } from "#bench/abuse/run-abuse.ts";
import { sorties } from "#bench/abuse/sorties.ts";

/** By the number, a failure can be sent again: `node bench/measure-abuse.ts --seed 2 --total 2000 --only NAME --number N`. */
const abuse = { seed: 2, total: 2_000, senders: 24 };

test("nothing that is sent to it crashes the server, has it fail or hang, or lets anybody in", async () => {
  test.setTimeout(180_000);
  const { failures, sent, statuses } = await runAbuse(abuse);
  expect(failures).toEqual([]);
  expect(Object.keys(sent).sort()).toEqual(sorties.map(({ name }) => name).sort());
  // What everything is refused of, says nothing: some of it is answered.
  for (const status of [200, 201, 400, 401, 403, 404, 421, 422])
    expect(statuses[status], `${status}`).toBeGreaterThan(0);
});

test("a thousand connections that say little keep nobody else from an answer, and slow senders are cut off", async () => {
  test.setTimeout(120_000);
  const held = await holdConnections(
    { slowHeads: 150, slowForms: 0, slowFiles: 0, halfOpen: 200, idle: 500, streams: 150 },
    () => {},
  );
  expect(held.connections).toBe(1_000);
  expect(held.cut.filter(({ status }) => status !== 408)).toEqual([]);
  expect(held.streaming).toBe(150);
  // Its bound is 100 ms (bench/README.md); of a test that runs among others, the half says enough.
  const sorted = held.probes.toSorted((one, other) => one - other);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100);
  expect(held.keptAfter - held.keptBefore).toBeLessThan(20_000_000);
});
