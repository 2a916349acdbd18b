import { counted, listed, listedUpTo } from "#lib/engine/object-words.ts";
import type { Problem } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";

const mostHosts = 3;

/**
 * What hangs on a problem besides the object that it is about: "2 Services and 1 HTTPRoute, for shop.example.com and 4
 * more". Undefined where that is nothing.
 */
export function affectsInWords({ root, affects }: Problem): string | undefined {
  const { services, entries, hosts } = affects;
  const others = [...services, ...entries].filter((id) => id !== root.subject);
  const byKind = Map.groupBy(others, (id) => kinds[refOf(id).kind].api);
  const objects = listed([...byKind].map(([api, ids]) => counted(ids.length, api, pluralOf(api))));
  const names = hosts.filter((host) => host !== "*");
  const hostWords = listedUpTo([...names, ...(names.length < hosts.length ? ["any host"] : [])], mostHosts);
  if (objects === "") return hostWords === "" ? undefined : hostWords;
  return hostWords === "" ? objects : `${objects}, for ${hostWords}`;
}

function pluralOf(api: string): string {
  return api.endsWith("s") ? `${api}es` : `${api}s`;
}
