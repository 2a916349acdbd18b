import type { Metadata } from "next";
import { openCluster } from "#app/open-cluster.tsx";
import { Workspace } from "#components/shell/workspace.tsx";
import { parseObjectId } from "#lib/model/ids.ts";
import { linkProblems, loadLink } from "#lib/protocol/link.ts";
import { graphAnswer } from "#lib/server/http/answer-graph.ts";
import { panelAnswer } from "#lib/server/http/answer-object.ts";

// Every view depends on the cluster as it is now and on the link.
export const dynamic = "force-dynamic";

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
  const opened = await openCluster(link.cluster ?? undefined);
  if (opened.kind === "screen") return opened.screen;
  const { asked, clusters } = opened;
  const shown = link.show === null ? undefined : parseObjectId(link.show);
  return (
    <Workspace
      key={asked.cluster.id}
      clusters={clusters}
      first={graphAnswer(asked, link)}
      firstPanel={shown === undefined ? undefined : panelAnswer(asked, shown)}
      linkProblems={linkProblems(params)}
    />
  );
}
