import { headers } from "next/headers";
import type { ReactNode } from "react";
import { FailureScreen } from "#components/shell/failure-screen.tsx";
import { SyncingScreen } from "#components/shell/syncing-screen.tsx";
import { UnknownClusterScreen } from "#components/shell/unknown-cluster-screen.tsx";
import type { Cluster } from "#lib/protocol/cluster.ts";
import { clustersFor } from "#lib/server/auth/clusters-for.ts";
import { clusterView } from "#lib/server/http/cluster-status.ts";
import { type Asked, asOfMoment } from "#lib/server/http/with-answers.ts";

/** Longer than this, and the page shows the progress instead of nothing. */
const firstWaitMs = 1_500;

export type Opened =
  | { readonly kind: "open"; readonly asked: Asked; readonly clusters: readonly Cluster[] }
  /** What to show in place of the page: it is being read, could not be, or there is none. */
  | { readonly kind: "screen"; readonly screen: ReactNode };

/** The cluster that a page is about; undefined: the default one. */
export async function openCluster(wanted: string | undefined): Promise<Opened> {
  const registry = clustersFor(await headers());
  const id = wanted ?? registry.defaultId;
  const session = registry.get(id);
  const list = () => registry.list().map(clusterView);
  const screen = (node: ReactNode): Opened => ({ kind: "screen", screen: node });
  if (session === undefined) return screen(<UnknownClusterScreen id={id} clusters={list()} />);
  const { state, answers } = await session.answers(firstWaitMs);
  const cluster = registry.list().find((summary) => summary.id === id);
  if (cluster === undefined) return screen(<UnknownClusterScreen id={id} clusters={list()} />);
  if (answers === undefined) {
    if (state.kind !== "failed") return screen(<SyncingScreen cluster={clusterView(cluster)} />);
    return screen(
      <FailureScreen
        id={id}
        name={cluster.name}
        failure={state.failure}
        others={list().filter((other) => other.id !== id)}
      />,
    );
  }
  const { dialect } = registry;
  return {
    kind: "open",
    asked: { cluster, answers, dialect, asOf: asOfMoment(answers, cluster) },
    clusters: list(),
  };
}
