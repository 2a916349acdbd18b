"use client";

import { useSyncExternalStore } from "react";

let current = 0;

function subscribe(onChange: () => void): () => void {
  const tick = () => {
    current = Date.now();
    onChange();
  };
  tick();
  const timer = setInterval(tick, 5_000);
  return () => clearInterval(timer);
}

/** The browser's clock in ms, every five seconds; undefined in the server's page, which must not guess it. */
export function useNow(): number | undefined {
  return useSyncExternalStore(
    subscribe,
    () => (current === 0 ? undefined : current),
    () => undefined,
  );
}
