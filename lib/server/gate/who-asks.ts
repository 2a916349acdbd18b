import type { Identity } from "../auth/identity.ts";
import type { ShareKind } from "./shares.ts";

/** What is small, the same for everybody, or asked for by whoever watches over this process. */
const free: ReadonlySet<string> = new Set([
  "static",
  "/healthz",
  "/readyz",
  "/auth/me",
  "/api/v1/openapi.json",
]);
const logins: ReadonlySet<string> = new Set(["/auth/start", "/auth/callback", "/auth/token"]);

/** What a request counts as, by its route (`/api/v1/clusters/{id}/graph`); undefined: it is not counted. */
export function shareKindOf(method: string, route: string): ShareKind | undefined {
  if (free.has(route)) return undefined;
  if (route === "/api/v1/clusters/{id}/stream") return "stream";
  if (route === "/api/v1/clusters" && method === "POST") return "upload";
  return logins.has(route) ? "login" : "question";
}

/**
 * Whose share it is: a person's where they are told apart; else an address's, of IPv6 the network's, of which one
 * machine has as many addresses as it likes.
 */
export function whoAsks(identity: Identity | undefined, peer: string | undefined): string {
  if (identity !== undefined) return `user ${identity.user}`;
  const address = (peer ?? "unknown").replace(/^::ffff:(?=\d+\.)/i, "");
  return `address ${address.includes(":") ? network64(address) : address}`;
}

function network64(address: string): string {
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
