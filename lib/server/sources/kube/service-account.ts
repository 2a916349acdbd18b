import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../../env.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

/** Where a pod finds its credentials (kubernetes.io, "Accessing the Kubernetes API from a Pod"). */
export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The cluster that this process runs in, as a kubeconfig of one context; undefined outside of one. */
export function inClusterConfig(env: Env, folder: string = serviceAccountFolder): Kubeconfig | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT;
  const token = join(folder, "token");
  if (!host || !port || !existsSync(token)) return undefined;
  const name = "in-cluster";
  return {
    from: [folder],
    contexts: new Map([[name, { name, cluster: name, user: name }]]),
    clusters: new Map([
      [
        name,
        {
          name,
          server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
          caFile: join(folder, "ca.crt"),
          caData: undefined,
          skipTlsVerify: false,
          tlsServerName: undefined,
          proxyUrl: undefined,
          execConfig: undefined,
        },
      ],
    ]),
    users: new Map([
      [
        name,
        {
          name,
          certFile: undefined,
          certData: undefined,
          keyFile: undefined,
          keyData: undefined,
          token: undefined,
          // The kubelet renews it, so it is read again each time.
          tokenFile: token,
          username: undefined,
          password: undefined,
          impersonate: { user: undefined, uid: undefined, groups: [] },
          exec: undefined,
          authProvider: undefined,
        },
      ],
    ]),
    current: name,
    problems: [],
  };
}
