import { type ObjectRef, parseObjectId } from "./ids.ts";
import type { Kind } from "./kinds.ts";

/** An end of a trace as links write it: `shop/deployment/cart`, `shop/cart-0` for a pod, `node/node-1`. */
export function endText({ kind, namespace, name }: ObjectRef): string {
  if (kind === "pod") return `${namespace}/${name}`;
  const word = kind.replaceAll("-", "");
  return namespace === undefined ? `${word}/${name}` : `${namespace}/${word}/${name}`;
}

const sending: ReadonlySet<Kind> = new Set([
  "deployment",
  "replica-set",
  "stateful-set",
  "daemon-set",
  "job",
  "cron-job",
  "pod",
  "node",
]);

/** How an object is asked about as the end that sends; undefined for what sends no packets. */
export function sourceText(id: string): string | undefined {
  const ref = parseObjectId(id);
  return ref !== undefined && sending.has(ref.kind) ? endText(ref) : undefined;
}

/** How an object is asked about as the end that packets are for; undefined for what takes none. */
export function targetText(id: string): string | undefined {
  const ref = parseObjectId(id);
  return ref?.kind === "service" ? endText(ref) : sourceText(id);
}
