"use client";

import type { ReactNode } from "react";
import { SWRConfig, type SWRConfiguration } from "swr";
import { ProblemError } from "#lib/client/fetch-json.ts";

/** All tabs that were refused at once would come back at once. */
const spreadMs = 1_000;

/** Whoever is told that the server is busy asks again when it says; else as often as is usual. */
const onErrorRetry: NonNullable<SWRConfiguration["onErrorRetry"]> = (
  error,
  key,
  config,
  revalidate,
  options,
) => {
  const ms = error instanceof ProblemError ? error.againAfterMs : undefined;
  if (ms === undefined) SWRConfig.defaultValue.onErrorRetry(error, key, config, revalidate, options);
  else setTimeout(() => void revalidate(options), ms + Math.random() * spreadMs);
};

/** For `shouldRetryOnError` where a fault stays as it is until something changes: only what is busy is asked again. */
export function isBusy(error: unknown): boolean {
  return error instanceof ProblemError && error.againAfterMs !== undefined;
}

export function Asking({ children }: { readonly children: ReactNode }) {
  return <SWRConfig value={{ onErrorRetry }}>{children}</SWRConfig>;
}
