/** What hangs on findings: the Services, the Ingresses and routes in front of them, and the hosts that those serve. */
import type { Facts } from "#lib/engine/facts.ts";
import type { Affected, Finding } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { compare } from "./by-urgency.ts";

export interface HangingOn {
  /**
   * A Service's trouble shows on the Ingresses and routes that lead to it as well: one wrong label and the 503 that
   * users see are one problem, not two.
   */
  readonly shown: (finding: Finding) => Finding;
  readonly affected: (group: readonly Finding[]) => Affected;
}

/** An Ingress or a route. */
interface Entry {
  readonly hosts: readonly string[];
  readonly ways: readonly Way[];
}

/** One of its backends, with the hosts that it answers for. */
interface Way {
  readonly path: string;
  readonly service: ObjectId | undefined;
  readonly hosts: readonly string[];
}

export function hangingOn(facts: Facts): HangingOn {
  const entries = entriesOf(facts);
  const leadingTo = new Map<ObjectId, Set<ObjectId>>();
  for (const [id, { ways }] of entries) {
    for (const { service } of ways) {
      if (service !== undefined) leadingTo.set(service, (leadingTo.get(service) ?? new Set()).add(id));
    }
  }

  return {
    shown: (finding) => {
      const through = leadingTo.get(finding.subject);
      return through === undefined
        ? finding
        : { ...finding, touches: [...new Set([...finding.touches, ...through])] };
    },
    affected: (group) => {
      const objects = new Set(group.flatMap(({ subject, touches }) => [subject, ...touches]));
      const services = [...objects].filter((id) => facts.services.has(id));
      const through = [...objects].filter((id) => entries.has(id));
      const hosts = through.flatMap((id) => hostsOf(id, entries.get(id), group, objects));
      return {
        services: services.sort(compare),
        entries: through.sort(compare),
        hosts: [...new Set(hosts)].sort(compare),
      };
    },
  };
}

function entriesOf(facts: Facts): ReadonlyMap<ObjectId, Entry> {
  const ingresses = [...facts.ingresses].map(([id, { backends }]): readonly [ObjectId, Entry] => {
    const ways = backends.map(({ path, service, host }) => ({ path, service, hosts: [host ?? "*"] }));
    return [id, { hosts: ways.flatMap(({ hosts }) => hosts), ways }];
  });
  const routes = [...facts.routes].map(([id, { route, backends }]): readonly [ObjectId, Entry] => {
    const hosts = route.hostnames.length === 0 ? ["*"] : route.hostnames;
    const sent = backends.filter(({ weight }) => weight > 0);
    return [id, { hosts, ways: sent.map(({ path, service }) => ({ path, service, hosts })) }];
  });
  return new Map([...ingresses, ...routes]);
}

/**
 * Hosts of an entry by what is affected of it: the backends that its own findings name, and those that lead to a
 * Service of the group; all of them where a finding is about no backend.
 */
function hostsOf(
  id: ObjectId,
  entry: Entry | undefined,
  group: readonly Finding[],
  objects: ReadonlySet<ObjectId>,
): readonly string[] {
  if (entry === undefined) return [];
  const parts = group.flatMap(({ subject, part }) => (subject === id ? [part ?? ""] : []));
  const about = (part: string) =>
    entry.ways.filter(({ path }) => part !== "" && (path.startsWith(part) || part.startsWith(path)));
  const led = entry.ways.filter(({ service }) => service !== undefined && objects.has(service));
  const hit = new Set([...parts.flatMap(about), ...led]);
  return hit.size === 0 || parts.some((part) => about(part).length === 0)
    ? entry.hosts
    : [...hit].flatMap(({ hosts }) => hosts);
}
