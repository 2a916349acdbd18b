import { operations } from "../http/openapi.ts";

/** Pages and answers that are no part of the API; a test holds them against the folder. */
const others = [
  "/",
  "/auth/callback",
  "/auth/login",
  "/auth/logout",
  "/auth/me",
  "/auth/start",
  "/auth/token",
  "/checks",
  "/checks/{code}",
  "/findings",
  "/matrix",
  "/metrics",
  "/trace",
  "/trace/picture",
] as const;

const templates = [...new Set([...others, ...operations.map(({ path }) => path)])].map((template) => ({
  template,
  pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/**
 * The route that a path asks for, `/api/v1/clusters/{id}/graph`: names of objects are no label's value, or there would
 * be a series for each.
 */
export function routeName(pathname: string): string {
  if (pathname.startsWith("/_next/")) return "static";
  const path = pathname.length > 1 ? pathname.replace(/\/$/, "") : pathname;
  return templates.find(({ pattern }) => pattern.test(path))?.template ?? "other";
}
