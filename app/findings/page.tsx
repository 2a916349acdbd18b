import type { Metadata } from "next";
import { openCluster } from "#app/open-cluster.tsx";
import { FindingsWorkspace } from "#components/findings/findings-workspace.tsx";
import { litBy } from "#lib/protocol/finding.ts";
import { loadFindingsLink } from "#lib/protocol/findings-link.ts";
import { loadLink } from "#lib/protocol/link.ts";
import { findingsAnswer, listQueryOf } from "#lib/server/http/answer-findings.ts";
import { graphAnswer } from "#lib/server/http/answer-graph.ts";

export const metadata: Metadata = { title: "Findings" };
export const dynamic = "force-dynamic";

export default async function FindingsPage({ searchParams }: PageProps<"/findings">) {
  const link = loadFindingsLink(await searchParams);
  const opened = await openCluster(link.cluster ?? undefined);
  if (opened.kind === "screen") return opened.screen;
  const { asked, clusters } = opened;
  const first = findingsAnswer(asked, listQueryOf(link));
  const open = first.findings.find(({ key }) => key === link.open);
  return (
    <FindingsWorkspace
      key={asked.cluster.id}
      clusters={clusters}
      first={first}
      firstMap={graphAnswer(asked, loadLink({ pin: open === undefined ? "" : litBy(open).join(",") }))}
    />
  );
}
