import { expect, it } from "vitest";
import { Slots } from "./slots.ts";

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

it("Slots let so many go on at a time, the others in their order, and forget who has given up", async () => {
  const slots = new Slots(2);
  const order: string[] = [];
  const never = new AbortController();
  const gone = new AbortController();
  const start = async (name: string, { signal } = never) => {
    const release = await slots.take(signal);
    order.push(name);
    return release;
  };
  const a = await start("a");
  const b = await start("b");
  const c = start("c");
  void start("gone", gone);
  const d = start("d");
  await soon();
  expect(order).toEqual(["a", "b"]);
  gone.abort();
  a();
  a();
  await soon();
  expect(order).toEqual(["a", "b", "gone", "c"]);
  b();
  (await c)();
  (await d)();
  expect(order.at(-1)).toBe("d");
  const e = await start("e");
  const f = await start("f");
  expect(order.slice(-2)).toEqual(["e", "f"]);
  e();
  f();
});
