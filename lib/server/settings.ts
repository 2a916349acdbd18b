import { z } from "zod";
import type { DialectSettings } from "#lib/engine/trace/world.ts";
import type { Env } from "./env.ts";
import { type LogLevel, logLevels } from "./log.ts";

/** Which clusters are offered. */
export type Offer =
  | { readonly kind: "demo" }
  /** A dump, a bundle or manifests; the demo beside it. */
  | { readonly kind: "files"; readonly path: string }
  /** Every context, this one first asked for. */
  | { readonly kind: "context"; readonly name: string }
  /** Every context, the kubeconfig's current one first asked for. */
  | { readonly kind: "contexts" };

export interface Settings {
  readonly offer: Offer;
  /** The folder that holds `demo/`. */
  readonly root: string;
  /** A source that cannot be watched is read again when it is asked for and this old. */
  readonly refreshAfterMs: number;
  readonly logLevel: LogLevel;
  /** A configuration file that was named; see `config/`. */
  readonly config: string | undefined;
  /** Whether TLS Secrets of live clusters are read; of files they always are. */
  readonly tlsSecrets: boolean;
  /** The only namespaces of live clusters that are read; empty: all. */
  readonly namespaces: readonly string[];
  /** What the network plugin does that no object shows; it counts before what the cluster shows. */
  readonly dialect: DialectSettings;
  /** For what the kubeconfig's rules take from it: KUBECONFIG, HOME, PATH, proxies, the pod's variables. */
  readonly env: Env;
}

export type SettingsResult =
  | { readonly kind: "settings"; readonly settings: Settings }
  /** One sentence each: the variable, what is wrong, what it may be. */
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

const yes = ["1", "true", "yes", "on"];
const no = ["", "0", "false", "no", "off"];

const onOrOff = z
  .string()
  .toLowerCase()
  .refine((text) => yes.includes(text) || no.includes(text), "must be 1 or 0")
  .transform((text) => yes.includes(text))
  .default(false);

const shape = z.object({
  THROUGHLINE_DEMO: onOrOff,
  THROUGHLINE_FILES: z.string().optional(),
  THROUGHLINE_CONTEXT: z.string().optional(),
  THROUGHLINE_CONFIG: z.string().optional(),
  THROUGHLINE_ROOT: z.string().optional(),
  THROUGHLINE_REFRESH_SECONDS: z.coerce
    .number("must be a number of seconds from 1 to 3600")
    .min(1, "must be at least 1")
    .max(3600, "must be at most 3600")
    .default(15),
  THROUGHLINE_TLS_SECRETS: onOrOff,
  THROUGHLINE_NAMESPACES: z
    .string()
    .default("")
    .transform((text) => [
      ...new Set(
        text
          .split(",")
          .map((name) => name.trim())
          .filter((name) => name !== ""),
      ),
    ])
    .refine(
      (names) => names.every((name) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)),
      "must be names of namespaces with commas between them",
    ),
  THROUGHLINE_IP_BLOCK_MATCHES_PODS: z.enum(["yes", "no"], "must be yes or no").optional(),
  THROUGHLINE_IP_BLOCK_MATCHES_NODES: z.enum(["yes", "no"], "must be yes or no").optional(),
  THROUGHLINE_HOST_NETWORK: z.enum(["as-node", "as-pod"], "must be as-node or as-pod").optional(),
  THROUGHLINE_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("info"),
});

/** Reads the environment once. An empty variable counts as not set. */
export function readSettings(env: Env, workingDirectory: string): SettingsResult {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = shape.safeParse(set);
  if (!parsed.success) {
    return {
      kind: "invalid",
      problems: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`),
    };
  }
  const { data } = parsed;
  const asked = [
    data.THROUGHLINE_DEMO ? "THROUGHLINE_DEMO" : undefined,
    data.THROUGHLINE_FILES === undefined ? undefined : "THROUGHLINE_FILES",
    data.THROUGHLINE_CONTEXT === undefined ? undefined : "THROUGHLINE_CONTEXT",
  ].filter((name) => name !== undefined);
  if (asked.length > 1) {
    return {
      kind: "invalid",
      problems: [`${asked.join(" and ")} are both set; each asks for another cluster, so set one.`],
    };
  }
  return {
    kind: "settings",
    settings: {
      offer: offerOf(data),
      root: data.THROUGHLINE_ROOT ?? workingDirectory,
      refreshAfterMs: data.THROUGHLINE_REFRESH_SECONDS * 1000,
      logLevel: data.THROUGHLINE_LOG_LEVEL,
      config: data.THROUGHLINE_CONFIG,
      tlsSecrets: data.THROUGHLINE_TLS_SECRETS,
      namespaces: data.THROUGHLINE_NAMESPACES,
      dialect: dialectOf(data),
      env,
    },
  };
}

function dialectOf(data: z.infer<typeof shape>): DialectSettings {
  const pods = data.THROUGHLINE_IP_BLOCK_MATCHES_PODS;
  const nodes = data.THROUGHLINE_IP_BLOCK_MATCHES_NODES;
  const host = data.THROUGHLINE_HOST_NETWORK;
  return {
    ...(pods === undefined ? {} : { ipBlockMatchesPods: pods }),
    ...(nodes === undefined ? {} : { ipBlockMatchesNodes: nodes }),
    ...(host === undefined ? {} : { hostNetworkPods: host }),
  };
}

function offerOf(data: z.infer<typeof shape>): Offer {
  if (data.THROUGHLINE_DEMO) return { kind: "demo" };
  if (data.THROUGHLINE_FILES !== undefined) return { kind: "files", path: data.THROUGHLINE_FILES };
  if (data.THROUGHLINE_CONTEXT !== undefined) return { kind: "context", name: data.THROUGHLINE_CONTEXT };
  return { kind: "contexts" };
}
