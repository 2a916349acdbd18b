/** Manifests and archives as they are dropped on the page, and then looked at. */
import type { Chance } from "../cluster/chance.ts";
import { type Archive, damagedArchive } from "./archives.ts";
import { type Attack, message } from "./attack.ts";
import { damagedManifest, type Manifests } from "./manifests.ts";
import { stumblingText } from "./mutate.ts";

export function manifestOf(chance: Chance, from: Manifests, number: number): Archive {
  return { name: "a.yaml", bytes: damagedManifest(chance, from, number) };
}

export function archiveOf(chance: Chance, from: Manifests, number: number): Archive {
  return damagedArchive(chance, from, number);
}

/** Sends it to the upload's route, then opens what came of it: the graph, then an object of it, then the page itself. */
export function uploadAttack(chance: Chance, host: string, { name, bytes }: Archive): Attack {
  const shown = encodeURIComponent(
    chance.below(8) === 0 ? stumblingText(chance).toWellFormed() + name : name,
  );
  const ask = (target: string, next?: Attack["next"]): Attack => ({
    bytes: message(`GET ${target} HTTP/1.1`, [
      ["Host", host],
      ["Connection", "close"],
      ["Accept", "text/html"],
    ]),
    from: "proxy",
    isWhole: true,
    maySee: true,
    next,
  });
  const page = (id: string) =>
    ask(
      chance.pick([
        `/?cluster=${id}`,
        `/findings?cluster=${id}`,
        `/matrix?cluster=${id}`,
        `/?cluster=${id}&as=table`,
      ]),
    );
  return {
    bytes: message(
      `POST /api/v1/clusters?name=${shown} HTTP/1.1`,
      [
        ["Host", host],
        ["Connection", "close"],
        ["Content-Length", String(bytes.length)],
      ],
      bytes,
    ),
    from: "proxy",
    isWhole: true,
    maySee: true,
    next(answer) {
      const id = /"id":"([^"]+)"/.exec(answer)?.[1];
      if (id === undefined) return undefined;
      const at = encodeURIComponent(id);
      return ask(`/api/v1/clusters/${at}/graph`, (graph) => {
        const target = chance.pick(questionsAbout(graph));
        return ask(`/api/v1/clusters/${at}${target}`, () => page(at));
      });
    },
  };
}

/** Questions about what a graph's answer names. */
function questionsAbout(graph: string): readonly [string, ...string[]] {
  const objects = [...graph.matchAll(/"id":"([a-z-]+)\/([^"/]*)\/([^"/]+)"/g)].slice(0, 200);
  const asked = objects.map(([, kind, namespace, name]) =>
    ["objects", kind, namespace === "" ? "-" : namespace, name].map((part) => encodeURIComponent(part ?? "")),
  );
  const pods = objects.map(([, kind, namespace, name]) => encodeURIComponent(`${namespace}/${kind}/${name}`));
  return [
    "/findings",
    "/search?q=a",
    "/reachability?by=namespace",
    "/reachability?by=workload&limit=50",
    ...asked.map((parts) => `/${parts.join("/")}`),
    ...pods.slice(1).map((to, i) => `/trace?from=${pods[i]}&to=${to}&port=80`),
  ];
}
