import type { Metadata } from "next";
import { headers } from "next/headers";
import { openPage, screenFor } from "#app/open-page.tsx";
import { TraceWorkspace } from "#components/trace/trace-workspace.tsx";
import { isAsked, loadTraceLink, traceQueryOf } from "#lib/protocol/trace-link.ts";
import { traceSentence, traceTitle } from "#lib/protocol/trace-words.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<"/trace">;

/** What a chat shows of the link: the verdict, its sentence, and a picture of the hops. */
export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const params = await searchParams;
  const link = loadTraceLink(params);
  if (!isAsked(link)) return { title: "Trace" };
  const opened = await openPage("open-trace", params);
  if (opened.kind !== "open" || opened.page.first === undefined) return { title: "Trace" };
  const { trace } = opened.page.first;
  const title = traceTitle(trace);
  const description = traceSentence(trace);
  const query = traceQueryOf(link);
  if (link.cluster !== null) query.set("cluster", link.cluster);
  const picture = {
    url: `/trace/picture?${query}`,
    width: 1200,
    height: 630,
    alt: `${title}. ${description}`,
  };
  return {
    metadataBase: await ownAddress(),
    title,
    description,
    openGraph: { title, description, siteName: "Throughline", type: "website", images: [picture] },
    twitter: { card: "summary_large_image", title, description, images: [picture] },
  };
}

export default async function TracePage({ searchParams }: Props) {
  const opened = await openPage("open-trace", await searchParams);
  if (opened.kind !== "open") return screenFor(opened);
  const { clusters, page } = opened;
  return (
    <TraceWorkspace
      key={page.base.cluster.id}
      clusters={clusters}
      base={page.base}
      first={page.first}
      firstProblem={page.problem}
    />
  );
}

/** The address that the reader used, behind a proxy too: pictures in chats need it whole. */
async function ownAddress(): Promise<URL> {
  const given = await headers();
  const host = given.get("x-forwarded-host") ?? given.get("host") ?? "localhost";
  const scheme = given.get("x-forwarded-proto")?.split(",")[0] ?? "http";
  const address = `${scheme}://${host}`;
  return new URL(URL.canParse(address) ? address : "http://localhost");
}
