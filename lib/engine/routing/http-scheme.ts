import type { HttpRequest } from "./http-way.ts";

type Scheme = HttpRequest["scheme"];

export function isTls(scheme: Scheme): boolean {
  return scheme === "https" || scheme === "grpcs";
}

export function isGrpc(scheme: Scheme): boolean {
  return scheme === "grpc" || scheme === "grpcs";
}

/** The port of a URL that names none. */
export function defaultPort(scheme: Scheme): number {
  return isTls(scheme) ? 443 : 80;
}

/** "https://shop.example.com/cart", with the port only where it is not the scheme's own. */
export function urlInWords({ scheme, host, port, path }: HttpRequest): string {
  return `${scheme}://${host}${port === defaultPort(scheme) ? "" : `:${port}`}${path}`;
}
