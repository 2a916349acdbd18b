import { readFile } from "node:fs/promises";
import path from "node:path";
import { ImageResponse } from "next/og";
import { ChatPicture, pictureSize } from "#components/trace/chat-picture.tsx";
import { loadTraceLink } from "#lib/protocol/trace-link.ts";
import { clustersFor } from "#lib/server/auth/clusters-for.ts";
import { askTrace } from "#lib/server/http/answer-trace.ts";
import { problemResponse } from "#lib/server/http/problem-response.ts";
import { withAnswers } from "#lib/server/http/with-answers.ts";

export const dynamic = "force-dynamic";

/** The picture that a chat shows of a trace's link: the same question, PNG. */
export async function GET(request: Request): Promise<Response> {
  const { from, to, port, protocol, cluster } = loadTraceLink(request);
  return withAnswers(request, cluster ?? clustersFor(request.headers).defaultId, async (asked) => {
    const asking = await askTrace(asked, { from, to, port, protocol }, false);
    if (asking.kind === "problem") {
      const { type, ...problem } = asking.problem;
      return problemResponse({ ...problem, type: type.replace("/problems/", "") });
    }
    return new ImageResponse(<ChatPicture trace={asking.answer.trace} cluster={asked.cluster.name} />, {
      ...pictureSize,
      fonts: await fonts(),
      // The cluster changes: a chat that asks again should get what is true then.
      headers: { "cache-control": "private, max-age=60" },
    });
  });
}

type Font = { readonly name: string; readonly data: Buffer; readonly weight: 400 | 600 };

let read: Promise<readonly Font[]> | undefined;

/** Below the working folder, by whole literals: the build finds them so and puts them beside the server. */
async function fonts(): Promise<Font[]> {
  read ??= Promise.all([
    readFile(path.join(process.cwd(), "node_modules/geist/dist/fonts/geist-sans/Geist-Regular.ttf")),
    readFile(path.join(process.cwd(), "node_modules/geist/dist/fonts/geist-sans/Geist-SemiBold.ttf")),
  ]).then(([regular, semiBold]) => [
    { name: "Geist", data: regular, weight: 400 },
    { name: "Geist", data: semiBold, weight: 600 },
  ]);
  return [...(await read)];
}
