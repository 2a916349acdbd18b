import { afterEach, expect, it, vi } from "vitest";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { get } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { streamAnswers } from "./stream-answers.ts";

const address = "/api/v1/clusters/demo/stream?watch=/graph";

afterEach(() => serveRegistry(undefined));

/** A cluster that tells who follows it. */
async function followed() {
  const session = serveSources(sourceOf("demo", await readDemo(), "demo")).get("demo");
  if (session === undefined) throw new Error("the demo is served");
  const followers = { came: 0, left: 0 };
  const follow = session.follow.bind(session);
  vi.spyOn(session, "follow").mockImplementation((changed) => {
    const leave = follow(changed);
    followers.came += 1;
    return () => {
      followers.left += 1;
      leave();
    };
  });
  return followers;
}

it("a stream whose reader left before they read anything follows no more", async () => {
  const followers = await followed();
  const over = new AbortController();
  const response = streamAnswers(new Request(get(address), { signal: over.signal }), "demo");
  expect(response.status).toBe(200);
  await vi.waitFor(() => expect(followers).toEqual({ came: 1, left: 0 }));
  over.abort();
  await vi.waitFor(() => expect(followers).toEqual({ came: 1, left: 1 }));
});

it("a stream whose reader leaves on the way follows no more", async () => {
  const followers = await followed();
  const reader = streamAnswers(get(address), "demo").body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^retry: /);
  await reader?.cancel();
  await vi.waitFor(() => expect(followers).toEqual({ came: 1, left: 1 }));
});

it("who asks only for the head of a stream follows nothing", async () => {
  const followers = await followed();
  const response = streamAnswers(new Request(get(address), { method: "HEAD" }), "demo");
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(response.body).toBeNull();
  expect(followers).toEqual({ came: 0, left: 0 });
});
