import { readFile } from "node:fs/promises";
import path from "node:path";
import { ImageResponse } from "next/og";
import { ChatPicture, pictureSize } from "#components/trace/chat-picture.tsx";
import { traceAnswerSchema } from "#lib/protocol/trace.ts";
import { askClusters } from "#lib/server/thread/ask-clusters.ts";

export const dynamic = "force-dynamic";

/** The picture that a chat shows of a trace's link: the same question, PNG. */
export async function GET(request: Request): Promise<Response> {
  const answered = await askClusters("trace-of-link", request);
  if (!answered.ok) return answered;
  const { trace, cluster } = traceAnswerSchema.parse(await answered.json());
  return new ImageResponse(<ChatPicture trace={trace} cluster={cluster.name} />, {
    ...pictureSize,
    fonts: await fonts(),
    // The cluster changes: a chat that asks again should get what is true then.
    headers: { "cache-control": "private, max-age=60" },
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
