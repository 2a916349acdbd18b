"use client";

import { LoaderCircle } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import useSWR from "swr";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { clustersKey } from "#lib/client/keys.ts";
import { type Cluster, clusterListSchema } from "#lib/protocol/cluster.ts";
import { Screen } from "./screen.tsx";

/** A cluster that is being read: how far, until it is done and the page can be drawn. */
export function SyncingScreen({ cluster }: { readonly cluster: Cluster }) {
  const router = useRouter();
  const { data } = useSWR(clustersKey, (key: string) => fetchJson(key, clusterListSchema), {
    refreshInterval: 400,
  });
  const state = data?.clusters.find((c) => c.id === cluster.id)?.state ?? cluster.state;
  const done = state.kind === "live" || state.kind === "stale" || state.kind === "failed";
  useEffect(() => {
    if (done) router.refresh();
  }, [done, router]);
  const share = state.kind === "syncing" && state.of > 0 ? Math.round((100 * state.done) / state.of) : 0;
  return (
    <Screen kicker={cluster.name} title={state.kind === "syncing" ? "Reading the cluster" : "Connecting"}>
      <div role="status" className="flex items-center gap-3">
        <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
        {state.kind === "syncing"
          ? `${state.done} of ${state.of} kinds, ${state.objects.toLocaleString("en")} objects${state.reading === undefined ? "" : `; now ${state.reading}`}`
          : "Waiting for the API server to answer"}
      </div>
      <div className="h-1.5 overflow-hidden rounded-full bg-hover">
        <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${share}%` }} />
      </div>
    </Screen>
  );
}
