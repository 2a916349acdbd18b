/** The entries of a kubeconfig (client-go, clientcmd/api/v1). A key that is not named here is not used. */
import { z } from "zod";

const text = z.string().nullish();
const name = z.string().min(1);

export const contextShape = z.object({
  name,
  context: z.object({ cluster: z.string().min(1), user: text, namespace: text }),
});

export const clusterShape = z.object({
  name,
  cluster: z.object({
    server: z.string().refine(isServerUrl, "is not an http or https URL"),
    "certificate-authority": text,
    "certificate-authority-data": text,
    "insecure-skip-tls-verify": z.boolean().nullish(),
    "tls-server-name": text,
    "proxy-url": text,
    extensions: z.array(z.object({ name: z.string(), extension: z.unknown() })).nullish(),
  }),
});

const execShape = z.object({
  apiVersion: text,
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  provideClusterInfo: z.boolean().nullish(),
  interactiveMode: text,
});

export const userShape = z.object({
  name,
  user: z
    .object({
      "client-certificate": text,
      "client-certificate-data": text,
      "client-key": text,
      "client-key-data": text,
      token: text,
      tokenFile: text,
      as: text,
      "as-uid": text,
      "as-groups": z.array(z.string()).nullish(),
      username: text,
      password: text,
      exec: execShape.nullish(),
      "auth-provider": z
        .object({ name: z.string(), config: z.record(z.string(), z.string()).nullish() })
        .nullish(),
    })
    .nullish(),
});

export interface ContextEntry {
  readonly name: string;
  readonly cluster: string;
  /** Absent: anonymous. */
  readonly user: string | undefined;
}

/** Paths are absolute, or relative to the working directory, from here on. */
export interface ClusterEntry {
  readonly name: string;
  readonly server: string;
  readonly caFile: string | undefined;
  readonly caData: string | undefined;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName: string | undefined;
  readonly proxyUrl: string | undefined;
  /** The extension `client.authentication.k8s.io/exec`, which an exec plugin is told of. */
  readonly execConfig: unknown;
}

export interface ExecSpec {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
}

export interface UserEntry {
  readonly name: string;
  readonly certFile: string | undefined;
  readonly certData: string | undefined;
  readonly keyFile: string | undefined;
  readonly keyData: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly impersonate: {
    readonly user: string | undefined;
    readonly uid: string | undefined;
    readonly groups: readonly string[];
  };
  readonly exec: ExecSpec | undefined;
  readonly authProvider:
    | { readonly name: string; readonly config: Readonly<Record<string, string>> }
    | undefined;
}

function isServerUrl(server: string): boolean {
  return URL.canParse(server) && /^https?:$/.test(new URL(server).protocol);
}
