import { z } from "zod";

/** Who asks, as Kubernetes would know them. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * How the gate tells the rest of the process who asks. It takes the header out of every request that comes in, so only
 * the gate can have set it.
 */
export const identityHeader = "x-throughline-identity";

/** How it tells that it let somebody through to what is for everybody without knowing who they are. */
export const forEverybodyHeader = "x-throughline-for-everybody";

const schema = z.object({ user: z.string(), groups: z.array(z.string()) });

export function writeIdentity({ user, groups }: Identity): string {
  return Buffer.from(JSON.stringify({ user, groups })).toString("base64url");
}

/** Undefined: nobody in particular; the mode does not tell people apart. */
export function readIdentity(headers: Pick<Headers, "get">): Identity | undefined {
  const text = headers.get(identityHeader);
  return text === null
    ? undefined
    : schema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
}
