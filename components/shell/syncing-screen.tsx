"use client";

import { LoaderCircle } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import useSWR from "swr";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { clustersKey } from "#lib/client/keys.ts";
import { type Cluster, clusterListSchema } from "#lib/protocol/cluster.ts";
import { KindList } from "./kind-list.tsx";
import { Screen } from "./screen.tsx";
import { useNow } from "./use-now.ts";

/** A cluster that is being read: how far, until it is done and the page can be drawn. */
export function SyncingScreen({ cluster }: { readonly cluster: Cluster }) {
  const router = useRouter();
  const { data } = useSWR(clustersKey, (key: string) => fetchJson(key, clusterListSchema), {
    refreshInterval: 400,
  });
  const now = useNow();
  const { state, kinds = [] } = data?.clusters.find((c) => c.id === cluster.id) ?? cluster;
  const done = state.kind === "live" || state.kind === "stale" || state.kind === "failed";
  useEffect(() => {
    if (done) router.refresh();
  }, [done, router]);
  return (
    <Screen kicker={cluster.name} title={state.kind === "syncing" ? "Reading the cluster" : "Connecting"}>
      <div role="status" className="flex items-center gap-3">
        <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
        {state.kind === "syncing" ? syncingWords(state) : "Waiting for the API server to answer"}
      </div>
      {kinds.length === 0 ? null : <KindList kinds={kinds} now={now} />}
    </Screen>
  );
}

/** Kinds that are done are one number; those under way have a line each below. */
function syncingWords({ done, of, objects }: Extract<Cluster["state"], { kind: "syncing" }>): string {
  const read = `${objects.toLocaleString("en")} objects read`;
  return done === of ? `${read}; working out what they mean` : `${done} of ${of} kinds done, ${read}`;
}
