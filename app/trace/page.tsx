import type { Metadata } from "next";
import { headers } from "next/headers";
import { openCluster } from "#app/open-cluster.tsx";
import { TraceWorkspace } from "#components/trace/trace-workspace.tsx";
import { loadLink } from "#lib/protocol/link.ts";
import { isAsked, loadTraceLink, type TraceLink, traceQueryOf } from "#lib/protocol/trace-link.ts";
import { traceSentence, traceTitle } from "#lib/protocol/trace-words.ts";
import { graphAnswer } from "#lib/server/http/answer-graph.ts";
import { askTrace, type TraceAsking } from "#lib/server/http/answer-trace.ts";
import type { Asked } from "#lib/server/http/with-answers.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<"/trace">;

/** What a chat shows of the link: the verdict, its sentence, and a picture of the hops. */
export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const link = loadTraceLink(await searchParams);
  if (!isAsked(link)) return { title: "Trace" };
  const opened = await openCluster(link.cluster ?? undefined);
  const asking = opened.kind === "open" ? await askLink(opened.asked, link, false) : undefined;
  if (asking?.kind !== "answer") return { title: "Trace" };
  const { trace } = asking.answer;
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
  const link = loadTraceLink(await searchParams);
  const opened = await openCluster(link.cluster ?? undefined);
  if (opened.kind === "screen") return opened.screen;
  const { asked, clusters } = opened;
  const asking = isAsked(link) ? await askLink(asked, link, true) : undefined;
  return (
    <TraceWorkspace
      key={asked.cluster.id}
      clusters={clusters}
      base={graphAnswer(asked, loadLink({}))}
      first={asking?.kind === "answer" ? asking.answer : undefined}
      firstProblem={asking?.kind === "problem" ? asking.problem : undefined}
    />
  );
}

function askLink(
  asked: Asked,
  { from, to, port, protocol }: TraceLink,
  withMap: boolean,
): Promise<TraceAsking> {
  return askTrace(asked, { from, to, port, protocol }, withMap);
}

/** The address that the reader used, behind a proxy too: pictures in chats need it whole. */
async function ownAddress(): Promise<URL> {
  const given = await headers();
  const host = given.get("x-forwarded-host") ?? given.get("host") ?? "localhost";
  const scheme = given.get("x-forwarded-proto")?.split(",")[0] ?? "http";
  const address = `${scheme}://${host}`;
  return new URL(URL.canParse(address) ? address : "http://localhost");
}
