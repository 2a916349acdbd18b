import { type Snapshot, seen } from "#lib/model/snapshot.ts";

/** The cluster's DNS domain: the first forward zone of CoreDNS's `kubernetes` plugin, else `cluster.local`, the default of all installers. */
export function clusterDomain(snapshot: Snapshot): string {
  const maps = [...seen(snapshot, "configMaps")].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { corefile } of maps) {
    const zones = /^\s*kubernetes\s+([^{\n]+)/m.exec(corefile)?.[1]?.trim().split(/\s+/) ?? [];
    const zone = zones.find((candidate) => candidate.includes(".") && !candidate.endsWith(".arpa"));
    if (zone !== undefined) return zone.replace(/\.$/, "");
  }
  return "cluster.local";
}
