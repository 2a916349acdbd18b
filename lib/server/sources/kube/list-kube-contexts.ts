import type { Env } from "../../env.ts";
import { slugs } from "../slugs.ts";
import type { SourceFailure } from "../source.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import type { EntryProblem } from "./kubeconfig-entries.ts";

/** One context of the kubeconfig. Carries no credential: those are looked up by name when the cluster is read. */
export interface KubeContext {
  /** URL-safe, from the name. */
  readonly id: string;
  /** As the kubeconfig spells it; `in-cluster` for the pod's own service account. */
  readonly name: string;
  /** Host and port; undefined when the context names a cluster that the kubeconfig does not have. */
  readonly server: string | undefined;
  readonly user: string | undefined;
  readonly current: boolean;
}

export type KubeContexts =
  | {
      readonly kind: "contexts";
      /** In the file's order. */
      readonly contexts: readonly KubeContext[];
      /** Parts of the kubeconfig that could not be taken. */
      readonly problems: readonly EntryProblem[];
    }
  | { readonly kind: "none"; readonly failure: SourceFailure };

/** Ids that contexts never get, because other sources have them. */
const reservedIds = ["demo", "files", "kubeconfig"];

/** Every context that the kubeconfig offers, or why there is none. Reads files, asks no server. */
export function listKubeContexts(env: Env, serviceAccount?: string): KubeContexts {
  const loaded = loadKubeconfig(env, serviceAccount);
  if (loaded.kind === "none") return loaded;
  const { contexts, clusters, current, problems } = loaded.config;
  const ids = slugs([...contexts.keys()], reservedIds);
  return {
    kind: "contexts",
    contexts: [...contexts.values()].map(({ name, cluster, user }) => {
      const server = clusters.get(cluster)?.server;
      return {
        id: ids.get(name) ?? name,
        name,
        server: server === undefined ? undefined : new URL(server).host,
        user,
        current: name === current,
      };
    }),
    problems,
  };
}
