import { z } from "zod";

const questionSchema = z.object({
  from: z.string().min(1).max(700),
  to: z.string().min(1).max(700),
  port: z.string().max(100),
  protocol: z.enum(["TCP", "UDP", "SCTP"]),
});

/** A question that was asked in this browser. */
export type RecentQuestion = z.infer<typeof questionSchema>;

const most = 8;

function keyOf(cluster: string): string {
  return `throughline.recent.${cluster}`;
}

/** The newest first; empty where there are none, or the browser keeps nothing. */
export function recentQuestions(store: Pick<Storage, "getItem">, cluster: string): readonly RecentQuestion[] {
  try {
    const text = store.getItem(keyOf(cluster));
    return text === null ? [] : z.array(questionSchema).parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Puts a question first; the same one is kept once. */
export function rememberQuestion(
  store: Pick<Storage, "getItem" | "setItem">,
  cluster: string,
  question: RecentQuestion,
): readonly RecentQuestion[] {
  const { from, to, port, protocol } = question;
  const others = recentQuestions(store, cluster).filter(
    (other) => other.from !== from || other.to !== to || other.port !== port || other.protocol !== protocol,
  );
  const all = [{ from, to, port, protocol }, ...others].slice(0, most);
  try {
    store.setItem(keyOf(cluster), JSON.stringify(all));
  } catch {
    // A full or forbidden store: the questions are only a comfort.
  }
  return all;
}
