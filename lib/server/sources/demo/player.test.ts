import { expect, it } from "vitest";
import { Player } from "./player.ts";

function setUp() {
  const due: { ms: number; run: () => void }[] = [];
  const player = new Player([20, 5, 7], (ms, run) => {
    const timer = { ms, run };
    due.push(timer);
    return () => void due.splice(due.indexOf(timer), due.includes(timer) ? 1 : 0);
  });
  const seen: number[] = [];
  player.follow(() => seen.push(player.state().step));
  return { player, due, seen, pass: () => due.shift()?.run() };
}

it("plays through its steps, each for its time, and begins again", () => {
  const { player, due, seen, pass } = setUp();
  player.play();
  player.play();
  expect(due.map(({ ms }) => ms)).toEqual([5_000]);
  pass();
  pass();
  pass();
  expect(seen).toEqual([1, 2, 0, 1]);
});

it("stays where it is while it is paused, and goes on from there", () => {
  const { player, due, seen } = setUp();
  player.play();
  player.pause();
  expect(due).toEqual([]);
  expect(player.state()).toEqual({ step: 1, playing: false });
  player.play();
  expect(seen).toEqual([1, 2]);
});

it("shows the step that is asked for and stays there", () => {
  const { player, due, seen } = setUp();
  player.play();
  player.show(0);
  expect(due).toEqual([]);
  expect(seen).toEqual([1, 0]);
  for (const none of [3, -1, 0.5]) expect(() => player.show(none)).toThrow("steps 0 to 2");
});
