import type { Metadata } from "next";
import { openPage, screenFor } from "#app/open-page.tsx";
import { FindingsWorkspace } from "#components/findings/findings-workspace.tsx";

export const metadata: Metadata = { title: "Findings" };
export const dynamic = "force-dynamic";

export default async function FindingsPage({ searchParams }: PageProps<"/findings">) {
  const opened = await openPage("open-findings", await searchParams);
  if (opened.kind !== "open") return screenFor(opened);
  const { clusters, page } = opened;
  return (
    <FindingsWorkspace
      key={page.first.cluster.id}
      clusters={clusters}
      first={page.first}
      firstMap={page.map}
    />
  );
}
