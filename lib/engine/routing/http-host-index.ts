import { normalHostname } from "../hostname.ts";
import { compareHostFits, type HostFit, hostFit, type Wildcard } from "./http-host.ts";

/** Things with a hostname, found by the hosts that they cover. */
export interface HostIndex<T> {
  /** All that cover the host, the closest fit first; those of one hostname in the order in which they were given. */
  find(host: string): readonly Fitting<T>[];
  /** Those of this very hostname (in lower case; empty: every host), in the order in which they were given. */
  of(hostname: string): readonly T[];
  /** Every hostname that occurs, in lower case. */
  readonly hostnames: readonly string[];
}

export interface Fitting<T> {
  readonly item: T;
  readonly fit: HostFit;
}

/** An undefined or empty hostname covers every host. */
export function hostIndex<T>(
  entries: Iterable<readonly [hostname: string | undefined, item: T]>,
  wildcard: Wildcard,
): HostIndex<T> {
  const byHostname = new Map<string, T[]>();
  for (const [hostname, item] of entries) {
    const key = normalHostname(hostname ?? "");
    const items = byHostname.get(key);
    if (items === undefined) byHostname.set(key, [item]);
    else items.push(item);
  }
  return {
    hostnames: [...byHostname.keys()].filter((hostname) => hostname !== ""),
    of: (hostname) => byHostname.get(hostname) ?? [],
    find: (host) =>
      hostnamesThatMayCover(host)
        .flatMap((hostname) => {
          const items = byHostname.get(hostname);
          const fit = items === undefined ? undefined : hostFit(hostname, host, wildcard);
          return items === undefined || fit === undefined ? [] : [{ items, fit }];
        })
        .sort((a, b) => compareHostFits(a.fit, b.fit))
        .flatMap(({ items, fit }) => items.map((item) => ({ item, fit }))),
  };
}

function hostnamesThatMayCover(host: string): readonly string[] {
  const labels = host.split(".");
  const wildcards = labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join(".")}`);
  return [host, ...wildcards, ""];
}
