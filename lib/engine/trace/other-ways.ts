import type { Verdict } from "#lib/model/trace.ts";
import { counted, listed } from "../object-words.ts";
import type { Way } from "./step.ts";

export interface Judged {
  readonly way: Way;
  readonly verdict: Verdict;
}

/** What the other ways in, or the other ports, come to: "asked on port 80; blocked on ports 443 and 8443". */
export function otherWays(chosen: Judged, all: readonly Judged[]): readonly string[] {
  const differ = (key: (way: Way) => unknown) => new Set(all.map(({ way }) => key(way))).size > 1;
  const naming: Naming = { byWords: differ(({ words }) => words), byPort: differ(portOf) };
  const asked = nameAll([chosen.way], naming);
  const byVerdict = new Map<Verdict, Way[]>();
  for (const { way, verdict } of all) {
    if (way === chosen.way || nameAll([way], naming) === asked) continue;
    byVerdict.set(verdict, [...(byVerdict.get(verdict) ?? []), way]);
  }
  if (byVerdict.size === 0) return [];
  const parts = [...byVerdict].map(
    ([verdict, ways]) =>
      `${verdict} ${ways.length > mostNamed ? `in ${counted(ways.length, "other way")}` : nameAll(ways, naming)}`,
  );
  return [`asked ${asked}; ${listed(parts)}`];
}

const mostNamed = 4;

/** In what ways differ: how one comes to take them, or their ports. */
interface Naming {
  readonly byWords: boolean;
  readonly byPort: boolean;
}

function portOf({ port, portWords }: Way): number | string | undefined {
  return portWords ?? port;
}

function nameAll(ways: readonly Way[], { byWords, byPort }: Naming): string {
  if (!byWords) return onPorts(ways.map(portOf));
  const names = ways.map((way) => (byPort ? `${way.words} ${onPorts([portOf(way)])}`.trim() : way.words));
  return listed([...new Set(names)]);
}

/** "on port 80", "on ports 80 and 443", "on port 80 and any port but 22". */
function onPorts(ports: readonly (number | string | undefined)[]): string {
  const numbers = [...new Set(ports.filter((port) => typeof port === "number"))].map(String);
  const words = [...new Set(ports.filter((port) => typeof port === "string"))];
  const named = numbers.length === 0 ? [] : [`port${numbers.length === 1 ? "" : "s"} ${listed(numbers)}`];
  const all = [...named, ...words];
  return all.length === 0 ? "" : `on ${listed(all)}`;
}
