import type { AccessSettings } from "../auth/auth-settings.ts";
import { isLoopbackName } from "./gate.ts";

/** Why it must not listen there, one sentence each; none where it may. Undefined: every address, as Next has it. */
export function listeningProblem({ auth }: AccessSettings, address: string | undefined): readonly string[] {
  if (auth.mode !== "loopback" || (address !== undefined && isLoopbackName(address.toLowerCase()))) return [];
  return [
    `Without a login Throughline listens on this machine only, and not on ${address ?? "every address"}: its map is a map for attackers too.`,
    "Set THROUGHLINE_AUTH to token, oidc or proxy to let others in; docs/auth.md has an example of each.",
  ];
}
