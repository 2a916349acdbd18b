import { isOutsideByLastLabel } from "#lib/engine/routing/outside-name.ts";
import type { EnvName } from "#lib/model/objects.ts";
import { isMapping } from "./read-body.ts";
import { intern } from "./string-pool.ts";

/** Longer values are no addresses, and are not looked at. */
const longestValue = 1000;

/**
 * The names of the cluster that a container's environment holds: hosts of URLs, and `host:port` with or without the
 * port, that end in `.svc` or the like, or are of the form `name.namespace`. Nothing else of any variable is kept:
 * environments hold secrets, and what is not kept cannot be shown. Users and passwords of URLs are dropped here.
 */
export function envNames(env: unknown): readonly EnvName[] | undefined {
  if (!Array.isArray(env)) return undefined;
  const names = env.flatMap((variable: unknown): readonly EnvName[] => {
    if (!isMapping(variable)) return [];
    const { name, value } = variable;
    if (typeof name !== "string" || typeof value !== "string") return [];
    return hostsIn(value)
      .filter((host) => isClusterHost(host, name))
      .map(({ host }) => ({ variable: intern(name), host: intern(host) }));
  });
  return names.length === 0 ? undefined : names;
}

interface Host {
  readonly host: string;
  /** In a URL, or with a port: whatever it names is an address. */
  readonly sure: boolean;
}

/** Hosts of a URL, or of a list of hosts with or without ports; none where anything else stands among them. */
function hostsIn(value: string): readonly Host[] {
  const text = value.trim();
  // A name of the cluster has a dot; most values have none, and of 150,000 pods there are millions.
  if (!text.includes(".")) return [];
  // What refers to other variables is put together when the container starts.
  if (text.length > longestValue || text.includes("$(")) return [];
  const authority = /^(?:[a-z]+:)?[a-z][a-z0-9+.-]*:\/\/([^/?#\s]*)/i.exec(text)?.[1];
  const list = authority === undefined ? text : authority.slice(authority.lastIndexOf("@") + 1);
  const hosts = list.split(",").map((part) => hostOf(part.trim(), authority !== undefined));
  return hosts.every((host) => host !== undefined) ? hosts : [];
}

function hostOf(text: string, inUrl: boolean): Host | undefined {
  const [, host, port] = /^([a-z0-9.-]{1,253}?)\.?(?::(\d{1,5}))?$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, sure: inUrl || port !== undefined };
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Variables that say of themselves what they hold. */
const addressLike =
  /(^|_)(host|hostname|addr|address|server|servers|service|endpoint|url|uri|target|upstream|brokers?)$/i;
const secretLike = /pass|secret|token|key|cred|auth|salt|hash/i;

function isClusterHost({ host, sure }: Host, variable: string): boolean {
  const labels = host.split(".");
  if (!labels.every((each) => label.test(each))) return false;
  const svc = labels.indexOf("svc");
  if (svc >= 2) return true;
  const [service = "", namespace = "", ...more] = labels;
  if (more.length > 0 || isOutsideByLastLabel(host)) return false;
  // A Service's name begins with a letter (RFC 1035); "1.2" and "v1.2" are versions.
  if (!/^[a-z]/.test(service) || !/^[a-z]/.test(namespace) || secretLike.test(variable)) return false;
  return sure || addressLike.test(variable);
}
