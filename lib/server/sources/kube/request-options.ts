import type { RequestOptions } from "node:https";
import type { Cluster, User } from "@kubernetes/client-node";
import type { Certificates } from "./certificates.ts";
import type { ExecCredential } from "./exec-plugin.ts";
import type { ClusterEntry, UserEntry } from "./kubeconfig-shapes.ts";

/**
 * TLS, headers and (behind a proxy) the agent for requests to one cluster as one user, made by the client library's
 * KubeConfig. May ask an OIDC provider for a new token. Throws what the library throws.
 */
export async function requestOptions(
  cluster: ClusterEntry,
  user: UserEntry | undefined,
  token: string | undefined,
  certificates: Certificates,
  exec: ExecCredential | undefined,
): Promise<RequestOptions> {
  // Half a second and 30 MB to load: only paid where a cluster is really read.
  const { KubeConfig } = await import("./kube-config.ts");
  const kube = new KubeConfig();
  // The library sets no TLS option at all where there is no user, so an anonymous one is made.
  kube.loadFromClusterAndUser(
    libraryCluster(cluster, certificates.ca),
    libraryUser(user, token ?? exec?.token, exec?.cert ?? certificates.cert, exec?.key ?? certificates.key),
  );
  const options: RequestOptions = { headers: {} };
  await kube.applyToHTTPSOptions(options);
  const { groups = [], uid } = user?.impersonate ?? {};
  return {
    ...options,
    headers: {
      ...(Array.isArray(options.headers) ? {} : options.headers),
      // The library knows of `as` only.
      ...(groups.length === 0 ? {} : { "impersonate-group": [...groups] }),
      ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    },
  };
}

function libraryCluster(cluster: ClusterEntry, ca: string | undefined): Cluster {
  return {
    name: cluster.name,
    server: cluster.server,
    // The library refuses plain http without this, and over http there is nothing to verify.
    skipTLSVerify: cluster.skipTlsVerify || cluster.server.startsWith("http:"),
    ...(ca === undefined ? {} : { caData: base64(ca) }),
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
  };
}

function libraryUser(
  user: UserEntry | undefined,
  token: string | undefined,
  cert: string | undefined,
  key: string | undefined,
): User {
  return {
    name: user?.name ?? "anonymous",
    ...(cert === undefined || key === undefined ? {} : { certData: base64(cert), keyData: base64(key) }),
    ...(token === undefined ? {} : { token }),
    ...(user?.username === undefined ? {} : { username: user.username, password: user.password ?? "" }),
    ...(user?.impersonate.user === undefined ? {} : { impersonateUser: user.impersonate.user }),
    // A copy, since the library writes renewed tokens into it.
    ...(user?.authProvider === undefined
      ? {}
      : { authProvider: { name: user.authProvider.name, config: { ...user.authProvider.config } } }),
  };
}

function base64(pem: string): string {
  return Buffer.from(pem).toString("base64");
}
