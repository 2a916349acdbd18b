import http from "node:http";
import https, { type RequestOptions } from "node:https";
import type { Env } from "../../env.ts";
import type { ClusterEntry } from "./kubeconfig-shapes.ts";

/**
 * Keeps connections open between the pages of a read. The client library's own agent closes each after one request,
 * a TLS handshake for every page; it is used only where the kubeconfig names a proxy, which it knows how to pass.
 * Else `HTTPS_PROXY` and `NO_PROXY` count as they do for kubectl (from Node 24.5), which never sends loopback to a proxy.
 */
export function agentFor(cluster: ClusterEntry, request: RequestOptions, env: Env): http.Agent {
  if (cluster.proxyUrl !== undefined && request.agent instanceof http.Agent) return request.agent;
  const url = new URL(cluster.server);
  const keep = {
    keepAlive: true,
    maxFreeSockets: 8,
    ...(isLoopback(url.hostname) ? {} : { proxyEnv: proxyVariables(env) }),
  };
  if (url.protocol === "http:") return new http.Agent(keep);
  const { ca, cert, key, servername, rejectUnauthorized } = request;
  return new https.Agent({
    ...keep,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}

function proxyVariables(env: Env): NodeJS.ProcessEnv {
  const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];
  const set: NodeJS.ProcessEnv = { NODE_ENV: process.env.NODE_ENV };
  for (const name of names) if (env[name]) set[name] = env[name];
  return set;
}
