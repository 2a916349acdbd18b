import type { Metadata } from "next";
import { openCluster } from "#app/open-cluster.tsx";
import { MatrixWorkspace } from "#components/matrix/matrix-workspace.tsx";
import { loadMatrixLink } from "#lib/protocol/matrix-link.ts";
import { clusterStatus } from "#lib/server/http/cluster-status.ts";

export const dynamic = "force-dynamic";

export const metadata: Metadata = { title: "Matrix" };

export default async function MatrixPage({ searchParams }: PageProps<"/matrix">) {
  const { cluster } = loadMatrixLink(await searchParams);
  const opened = await openCluster(cluster ?? undefined);
  if (opened.kind === "screen") return opened.screen;
  const { asked, clusters } = opened;
  return (
    <MatrixWorkspace
      key={asked.cluster.id}
      clusters={clusters}
      status={clusterStatus(asked.cluster, asked.answers)}
    />
  );
}
