import { z } from "zod";

/** Who looks, as far as the server tells people apart. */
export const accountSchema = z.object({
  mode: z.enum(["loopback", "token", "oidc", "proxy"]),
  user: z.string().optional(),
  groups: z.array(z.string()),
});

export type AccountView = z.infer<typeof accountSchema>;
