import { nearestOf } from "#lib/engine/near-words.ts";
import type { Settings } from "./settings.ts";
import { demoSource } from "./sources/demo/demo-source.ts";
import { filesSource } from "./sources/files/files-source.ts";
import { kubeSource } from "./sources/kube/kube-source.ts";
import { type KubeContexts, listKubeContexts } from "./sources/kube/list-kube-contexts.ts";
import { slugs } from "./sources/slugs.ts";
import type { Source, SourceFailure } from "./sources/source.ts";

/** A source that could be made; made only when its cluster is asked for. */
export interface Offered {
  readonly id: string;
  readonly name: string;
  readonly kind: Source["kind"];
  make(): Source;
}

export interface Offers {
  /** In the order of the cluster menu; the demo is last. */
  readonly sources: readonly Offered[];
  readonly defaultId: string;
  /** Parts of the kubeconfig that could not be taken, one sentence each. */
  readonly problems: readonly string[];
}

/** What the settings offer at this moment. Reads the kubeconfig, asks no cluster. */
export function offeredSources(settings: Settings): Offers {
  const { offer, root, env } = settings;
  const demo: Offered = { id: "demo", name: "Demo shop", kind: "demo", make: () => demoSource(root) };
  switch (offer.kind) {
    case "demo":
      return { sources: [demo], defaultId: demo.id, problems: [] };
    case "files": {
      const name = offer.path.split(/[/\\]/).findLast((part) => part !== "") ?? offer.path;
      const files: Offered = {
        id: "files",
        name,
        kind: "files",
        make: () => filesSource(offer.path, { id: "files", name }),
      };
      return { sources: [files, demo], defaultId: files.id, problems: [] };
    }
    case "context":
      return withDemo(contextsOf(settings, offer.name), demo);
    case "contexts": {
      const listed = listKubeContexts(env);
      // Someone without any cluster came to look; someone with a broken kubeconfig came for a cluster.
      if (listed.kind === "none" && listed.failure.code === "kubeconfig-missing") {
        return { sources: [demo], defaultId: demo.id, problems: [] };
      }
      return withDemo(contextsOf(settings, undefined), demo);
    }
  }
}

interface Contexts {
  readonly offered: readonly Offered[];
  readonly defaultId: string;
  readonly problems: readonly string[];
}

function withDemo({ offered, defaultId, problems }: Contexts, demo: Offered): Offers {
  return { sources: [...offered, demo], defaultId, problems };
}

/** Every context; `wanted`, or else the current one, or else the first, is the default. */
function contextsOf({ env, tlsSecrets, namespaces }: Settings, wanted: string | undefined): Contexts {
  const listed = listKubeContexts(env);
  if (listed.kind === "none") return onlyFailure(wanted ?? "kubeconfig", listed.failure);
  const offered = listed.contexts.map(
    (context): Offered => ({
      id: context.id,
      name: context.name,
      kind: "kube",
      make: () => kubeSource(context, { env, tlsSecrets, namespaces }),
    }),
  );
  const problems = listed.problems.map((problem) => `${problem.where} ${problem.why}`);
  const chosen =
    wanted === undefined
      ? (listed.contexts.find((context) => context.current) ?? listed.contexts[0])
      : listed.contexts.find((context) => context.name === wanted);
  if (chosen !== undefined) return { offered, defaultId: chosen.id, problems };
  const absent = onlyFailure(wanted ?? "kubeconfig", noSuchContext(wanted ?? "", listed));
  return { offered: [...absent.offered, ...offered], defaultId: absent.defaultId, problems };
}

/** What was asked for stands in the list and says why it cannot be read, rather than something else in its place. */
function onlyFailure(name: string, failure: SourceFailure): Contexts {
  const id =
    name === "kubeconfig" ? name : (slugs([name], ["demo", "files", "kubeconfig"]).get(name) ?? name);
  const source: Source = {
    id,
    name,
    kind: "kube",
    changes: true,
    read: async () => ({ kind: "failed", failure }),
  };
  return { offered: [{ id, name, kind: "kube", make: () => source }], defaultId: id, problems: [] };
}

function noSuchContext(wanted: string, listed: Extract<KubeContexts, { kind: "contexts" }>): SourceFailure {
  const names = listed.contexts.map((context) => context.name);
  const near = nearestOf(wanted, names);
  return {
    code: "not-found",
    title: `There is no context ${wanted} in the kubeconfig.`,
    detail: near === undefined ? `It has ${names.join(", ")}.` : `The nearest is ${near}.`,
    remedy: "kubectl config get-contexts lists them.",
  };
}
