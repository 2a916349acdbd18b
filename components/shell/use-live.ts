"use client";

import { useEffect, useSyncExternalStore } from "react";
import useSWR, { useSWRConfig } from "swr";
import type { z } from "zod";
import { fetchJson, refusalAt } from "#lib/client/fetch-json.ts";
import { LiveStream, type StreamState } from "#lib/client/live-stream.ts";
import { isBusy } from "./asking.tsx";

/** A tab that nobody has looked at for so long gives its connection up: a browser has few for each server. */
const asleepAfterMs = 30_000;
/** Where the stream is not open, live answers are asked for again this often. */
const pollMs = 15_000;

let stream: LiveStream | undefined;

/** The page's stream; made in the browser alone. */
export function liveStream(): LiveStream {
  stream ??= wakeful(
    new LiveStream({
      connect: (address) => new EventSource(address),
      whyRefused: refusalAt,
      later(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    }),
  );
  return stream;
}

function wakeful(made: LiveStream): LiveStream {
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") made.wake();
    else timer = setTimeout(() => made.sleep(), asleepAfterMs);
  });
  window.addEventListener("offline", () => made.lose());
  window.addEventListener("online", () => made.wake());
  return made;
}

export function togglePause(): void {
  const { paused, connection } = liveStream().state();
  if (connection !== "off") liveStream().pause(!paused);
}

const off: StreamState = { connection: "off", paused: false, missed: 0, refused: undefined };

/** How the page's stream stands. */
export function useStreamState(): StreamState {
  return useSyncExternalStore(
    (changed) => liveStream().watch(changed),
    () => liveStream().state(),
    () => off,
  );
}

/**
 * The answer at an address, kept current: told by the stream where the cluster is `live`, and asked for from time to
 * time where the stream is not open. `first` is the server's, for the first paint, of the address that it is for.
 */
export function useLive<Schema extends z.ZodType>(
  address: string | null,
  schema: Schema,
  { first, live }: { readonly first?: z.infer<Schema> | undefined; readonly live: boolean },
) {
  const { mutate } = useSWRConfig();
  const { connection } = useStreamState();
  useEffect(() => {
    if (!live || address === null) return;
    return liveStream().follow(address, {
      answer(answer) {
        const parsed = schema.safeParse(answer);
        if (parsed.success) void mutate(address, parsed.data, { revalidate: false });
        else void mutate(address);
      },
      problem: () => void mutate(address),
    });
  }, [address, live, schema, mutate]);
  return useSWR(address, (key: string): Promise<z.infer<Schema>> => fetchJson(key, schema), {
    ...(first === undefined ? {} : { fallbackData: first }),
    keepPreviousData: true,
    refreshInterval: live && connection !== "open" ? pollMs : 0,
    revalidateOnMount: first === undefined,
    revalidateOnFocus: live && connection !== "open",
    shouldRetryOnError: isBusy,
  });
}
