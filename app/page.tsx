import type { Metadata } from "next";
import { FailureScreen } from "#components/shell/failure-screen.tsx";
import { SyncingScreen } from "#components/shell/syncing-screen.tsx";
import { UnknownClusterScreen } from "#components/shell/unknown-cluster-screen.tsx";
import { Workspace } from "#components/shell/workspace.tsx";
import { parseObjectId } from "#lib/model/ids.ts";
import { linkProblems, loadLink } from "#lib/protocol/link.ts";
import { clusters } from "#lib/server/clusters.ts";
import { graphAnswer } from "#lib/server/http/answer-graph.ts";
import { panelAnswer } from "#lib/server/http/answer-object.ts";
import { clusterView } from "#lib/server/http/cluster-status.ts";
import { asOfMoment } from "#lib/server/http/with-answers.ts";

// Every view depends on the cluster as it is now and on the link.
export const dynamic = "force-dynamic";

/** Longer than this, and the page shows the progress instead of nothing. */
const firstWaitMs = 1_500;

type Props = PageProps<"/">;

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const link = loadLink(await searchParams);
  const shown = link.show === null ? undefined : parseObjectId(link.show);
  return {
    title:
      shown === undefined
        ? "Map"
        : `${shown.namespace === undefined ? "" : `${shown.namespace}/`}${shown.name}`,
  };
}

export default async function MapPage({ searchParams }: Props) {
  const params = await searchParams;
  const link = loadLink(params);
  const registry = clusters();
  const id = link.cluster ?? registry.defaultId;
  const session = registry.get(id);
  const list = () => registry.list().map(clusterView);
  if (session === undefined) return <UnknownClusterScreen id={id} clusters={list()} />;

  const { state, answers } = await session.answers(firstWaitMs);
  const cluster = registry.list().find((summary) => summary.id === id);
  if (cluster === undefined) return <UnknownClusterScreen id={id} clusters={list()} />;
  if (answers === undefined) {
    if (state.kind !== "failed") return <SyncingScreen cluster={clusterView(cluster)} />;
    return (
      <FailureScreen
        id={id}
        name={cluster.name}
        failure={state.failure}
        others={list().filter((other) => other.id !== id)}
      />
    );
  }

  const asked = { cluster, answers, asOf: asOfMoment(answers, cluster) };
  const shown = link.show === null ? undefined : parseObjectId(link.show);
  return (
    <Workspace
      key={id}
      clusters={list()}
      first={graphAnswer(asked, link)}
      firstPanel={shown === undefined ? undefined : panelAnswer(asked, shown)}
      linkProblems={linkProblems(params)}
    />
  );
}
