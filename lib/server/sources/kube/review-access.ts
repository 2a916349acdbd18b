import { z } from "zod";
import type { Identity } from "../../auth/identity.ts";
import type { Access, AccessAsk } from "../source.ts";
import type { Connection } from "./connection.ts";
import { inParallel } from "./in-parallel.ts";

const shape = z.object({ status: z.object({ allowed: z.boolean() }) });

/** So many reviews are asked at a time. */
const atOnce = 16;

/** Asks with a SubjectAccessReview each; what fails is unknown, and whoever asks then shows nothing. */
export async function reviewAccess(
  connection: Pick<Connection, "reviewAccess">,
  { user, groups }: Identity,
  asks: readonly AccessAsk[],
  signal: AbortSignal,
): Promise<readonly Access[]> {
  const answers = new Map<AccessAsk, Access>();
  await inParallel(asks, atOnce, async (ask) => {
    const { group, resource, namespace } = ask;
    const answer = await connection.reviewAccess(
      {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user,
          // As the API server adds it to everybody whom it has authenticated.
          groups: [...new Set([...groups, "system:authenticated"])],
          resourceAttributes: {
            verb: "list",
            group,
            resource,
            ...(namespace === undefined ? {} : { namespace }),
          },
        },
      },
      signal,
    );
    const parsed = answer.kind === "json" ? shape.safeParse(answer.json) : undefined;
    const allowed = parsed?.success === true ? parsed.data.status.allowed : undefined;
    answers.set(ask, allowed === undefined ? "unknown" : allowed ? "allowed" : "denied");
  });
  return asks.map((ask) => answers.get(ask) ?? "unknown");
}
