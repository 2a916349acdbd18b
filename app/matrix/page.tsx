import type { Metadata } from "next";
import { openPage, screenFor } from "#app/open-page.tsx";
import { MatrixWorkspace } from "#components/matrix/matrix-workspace.tsx";

export const dynamic = "force-dynamic";

export const metadata: Metadata = { title: "Matrix" };

export default async function MatrixPage({ searchParams }: PageProps<"/matrix">) {
  const opened = await openPage("open-matrix", await searchParams);
  if (opened.kind !== "open") return screenFor(opened);
  const { clusters, page } = opened;
  return <MatrixWorkspace key={page.status.id} clusters={clusters} status={page.status} />;
}
