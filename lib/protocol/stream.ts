/**
 * What the stream of a cluster says (server-sent events). A client names the answers that it shows by their addresses
 * (`watch=/graph?ns=shop`), gets each as a GET would give it, and from then on what changes in them.
 */
import { create } from "jsondiffpatch";
import { z } from "zod";
import { nameIn } from "./name-in.ts";

/** So many answers may one connection follow. */
export const mostTopics = 8;

/** After this long without news a client is told, by `event: alive`, that the connection is. */
export const heartbeatMs = 15_000;

/** Names the content of an answer; two of the same name are the same. `-`: none. */
export const noMark = "-";

const topic = z.number().int().min(0).describe("Which of the `watch` addresses, counted from 0");

/** `event: answer`: the whole answer. */
export const answerEventSchema = z.object({
  topic,
  status: z.number().int().describe("As HTTP has it; not 200: the answer is a problem document"),
  to: z.string().describe("Names what the client has from here"),
  answer: z.unknown(),
});

/** `event: change`: what is different, for a client that has `from`. */
export const changeEventSchema = z.object({
  topic,
  from: z.string(),
  to: z.string(),
  delta: z.unknown().describe("In the format of jsondiffpatch"),
});

export type AnswerEvent = z.infer<typeof answerEventSchema>;
export type ChangeEvent = z.infer<typeof changeEventSchema>;

/** Things in lists are known by what names them, so that one that moves or is new does not change all after it. */
const differ = create({
  objectHash: (object: object, index?: number) => nameIn(object) ?? `#${index}`,
});

/** What makes `after` of `before`, both JSON; undefined where they are equal. */
export function deltaOf(before: unknown, after: unknown): unknown {
  return differ.diff(before, after);
}

/** `before` with a delta applied; `before` stays as it is. */
export function withDelta(before: unknown, delta: unknown): unknown {
  // What the library is given is checked by nobody but `from`: a delta fits only what it was made for.
  return differ.patch(differ.clone(before), delta as Parameters<typeof differ.patch>[1]);
}
