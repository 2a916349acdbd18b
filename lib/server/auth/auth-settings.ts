import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Env } from "../env.ts";

/** How the server knows who asks. */
export type AuthSettings =
  /** No login; it listens on this machine only. */
  | { readonly mode: "loopback" }
  /** One secret for a small team: whoever has it sees everything. */
  | { readonly mode: "token"; readonly token: string; readonly sessions: SessionSettings }
  | {
      readonly mode: "oidc";
      readonly issuer: URL;
      readonly clientId: string;
      /** Absent for a public client, which PKCE alone protects. */
      readonly clientSecret: string | undefined;
      readonly scopes: string;
      readonly userClaim: string;
      readonly groupsClaim: string;
      /** Put before users and groups, as the API server's own flags do. */
      readonly userPrefix: string;
      readonly groupsPrefix: string;
      readonly sessions: SessionSettings;
    }
  /** Something in front has authenticated them and says who they are in headers. */
  | {
      readonly mode: "proxy";
      /** Addresses from which those headers are believed, CIDRs. */
      readonly from: readonly string[];
      readonly userHeader: string;
      readonly groupsHeader: string;
    };

export interface SessionSettings {
  /** Cookies are encrypted with it; another secret ends all sessions. */
  readonly secret: string;
  readonly hours: number;
}

export interface AccessSettings {
  readonly auth: AuthSettings;
  /** The address that people open, where it is known: cookies are for https, and links lead back to it. */
  readonly url: URL | undefined;
  /** Names under which requests are taken, without ports; empty: any (never so for `loopback`). */
  readonly hosts: readonly string[];
  /** Whoever has it may read `/metrics` without a login. */
  readonly metricsToken: string | undefined;
}

export type AccessResult =
  | { readonly kind: "access"; readonly access: AccessSettings }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

const list = z
  .string()
  .optional()
  .transform((text) =>
    (text ?? "")
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  );

const url = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "must be an http or https address",
  )
  .transform((text) => new URL(text));

const shape = z.object({
  THROUGHLINE_AUTH: z
    .enum(["loopback", "token", "oidc", "proxy"], "must be loopback, token, oidc or proxy")
    .default("loopback"),
  THROUGHLINE_URL: url.optional(),
  THROUGHLINE_HOSTS: list,
  THROUGHLINE_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  THROUGHLINE_SESSION_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  THROUGHLINE_SESSION_HOURS: z.coerce
    .number("must be a number of hours")
    .positive("must be more than 0")
    .max(720, "must be at most 720")
    .default(10),
  THROUGHLINE_OIDC_ISSUER: url.optional(),
  THROUGHLINE_OIDC_CLIENT_ID: z.string().optional(),
  THROUGHLINE_OIDC_CLIENT_SECRET: z.string().optional(),
  THROUGHLINE_OIDC_SCOPES: z.string().default("openid profile email groups"),
  THROUGHLINE_OIDC_USER_CLAIM: z.string().default("email"),
  THROUGHLINE_OIDC_GROUPS_CLAIM: z.string().default("groups"),
  THROUGHLINE_OIDC_USER_PREFIX: z.string().default(""),
  THROUGHLINE_OIDC_GROUPS_PREFIX: z.string().default(""),
  THROUGHLINE_PROXY_FROM: list,
  THROUGHLINE_PROXY_USER_HEADER: z.string().toLowerCase().default("x-forwarded-user"),
  THROUGHLINE_PROXY_GROUPS_HEADER: z.string().toLowerCase().default("x-forwarded-groups"),
  THROUGHLINE_METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
});

/** Secrets can be given in a file, as Kubernetes mounts them: `THROUGHLINE_TOKEN_FILE`. */
const inFiles = [
  "THROUGHLINE_TOKEN",
  "THROUGHLINE_SESSION_SECRET",
  "THROUGHLINE_OIDC_CLIENT_SECRET",
  "THROUGHLINE_METRICS_TOKEN",
] as const;

/** Reads who may come in from the environment, once. Problems name the variable, never a value. */
export function readAccess(env: Env, readText = (path: string) => readFileSync(path, "utf8")): AccessResult {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && value !== "") given[name] = value;
  const problems: string[] = [];
  for (const name of inFiles) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set; set one.`);
    try {
      given[name] = readText(path).trim();
    } catch {
      problems.push(`${name}_FILE cannot be read.`);
    }
  }
  const parsed = shape.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) problems.push(`${path.join(".")} ${message}.`);
  if (!parsed.success || problems.length > 0) return { kind: "invalid", problems };
  const { data } = parsed;
  const auth = authOf(data);
  if (auth.kind === "missing") return { kind: "invalid", problems: auth.problems };
  return {
    kind: "access",
    access: {
      auth: auth.auth,
      url: data.THROUGHLINE_URL,
      hosts: hostsOf(data),
      metricsToken: data.THROUGHLINE_METRICS_TOKEN,
    },
  };
}

type Data = z.infer<typeof shape>;
type Found =
  | { readonly kind: "auth"; readonly auth: AuthSettings }
  | { readonly kind: "missing"; readonly problems: readonly string[] };

function authOf(data: Data): Found {
  const missing = (...names: readonly (keyof Data)[]): Found => ({
    kind: "missing",
    problems: names.map((name) => `THROUGHLINE_AUTH=${data.THROUGHLINE_AUTH} needs ${name}.`),
  });
  const hours = data.THROUGHLINE_SESSION_HOURS;
  switch (data.THROUGHLINE_AUTH) {
    case "loopback":
      return { kind: "auth", auth: { mode: "loopback" } };
    case "token": {
      const token = data.THROUGHLINE_TOKEN;
      if (token === undefined) return missing("THROUGHLINE_TOKEN");
      // Another token ends the sessions that the old one opened, unless they have a secret of their own.
      const secret = data.THROUGHLINE_SESSION_SECRET ?? token;
      return { kind: "auth", auth: { mode: "token", token, sessions: { secret, hours } } };
    }
    case "oidc": {
      const {
        THROUGHLINE_OIDC_ISSUER: issuer,
        THROUGHLINE_OIDC_CLIENT_ID: clientId,
        THROUGHLINE_SESSION_SECRET: secret,
      } = data;
      if (
        issuer === undefined ||
        clientId === undefined ||
        secret === undefined ||
        data.THROUGHLINE_URL === undefined
      )
        return missing(
          ...(issuer === undefined ? (["THROUGHLINE_OIDC_ISSUER"] as const) : []),
          ...(clientId === undefined ? (["THROUGHLINE_OIDC_CLIENT_ID"] as const) : []),
          ...(secret === undefined ? (["THROUGHLINE_SESSION_SECRET"] as const) : []),
          ...(data.THROUGHLINE_URL === undefined ? (["THROUGHLINE_URL"] as const) : []),
        );
      return {
        kind: "auth",
        auth: {
          mode: "oidc",
          issuer,
          clientId,
          clientSecret: data.THROUGHLINE_OIDC_CLIENT_SECRET,
          scopes: data.THROUGHLINE_OIDC_SCOPES,
          userClaim: data.THROUGHLINE_OIDC_USER_CLAIM,
          groupsClaim: data.THROUGHLINE_OIDC_GROUPS_CLAIM,
          userPrefix: data.THROUGHLINE_OIDC_USER_PREFIX,
          groupsPrefix: data.THROUGHLINE_OIDC_GROUPS_PREFIX,
          sessions: { secret, hours },
        },
      };
    }
    case "proxy":
      if (data.THROUGHLINE_PROXY_FROM.length === 0) return missing("THROUGHLINE_PROXY_FROM");
      return {
        kind: "auth",
        auth: {
          mode: "proxy",
          from: data.THROUGHLINE_PROXY_FROM,
          userHeader: data.THROUGHLINE_PROXY_USER_HEADER,
          groupsHeader: data.THROUGHLINE_PROXY_GROUPS_HEADER,
        },
      };
  }
}

function hostsOf({ THROUGHLINE_HOSTS: hosts, THROUGHLINE_URL: own }: Data): readonly string[] {
  if (hosts.length > 0) return hosts.map((host) => host.toLowerCase());
  return own === undefined ? [] : [own.hostname];
}
