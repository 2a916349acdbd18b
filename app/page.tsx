import type { Metadata } from "next";
import { openPage, screenFor } from "#app/open-page.tsx";
import { Workspace } from "#components/shell/workspace.tsx";
import { parseObjectId } from "#lib/model/ids.ts";
import { linkProblems, loadLink } from "#lib/protocol/link.ts";

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
  const opened = await openPage("open-map", params);
  if (opened.kind !== "open") return screenFor(opened);
  const { clusters, page } = opened;
  return (
    <Workspace
      key={page.first.cluster.id}
      clusters={clusters}
      first={page.first}
      firstPanel={page.panel}
      linkProblems={linkProblems(params)}
    />
  );
}
