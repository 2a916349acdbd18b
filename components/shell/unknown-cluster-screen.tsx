import { buttonClass } from "#components/ui/button.tsx";
import type { Cluster } from "#lib/protocol/cluster.ts";
import { Screen } from "./screen.tsx";

/** A link that names a cluster that is not here: a context of someone else's kubeconfig, or a dropped file that is gone. */
export function UnknownClusterScreen({
  id,
  clusters,
}: {
  readonly id: string;
  readonly clusters: readonly Pick<Cluster, "id" | "name">[];
}) {
  return (
    <Screen kicker="404" title={`No cluster here is called “${id}”`}>
      <p>
        The link may come from a server with another kubeconfig, or be about a file that was dropped on the
        page: those are kept in memory only, until the server restarts or eight newer ones came.
      </p>
      <div className="flex flex-wrap gap-2">
        {clusters.map((cluster) => (
          <a
            key={cluster.id}
            href={`/?cluster=${encodeURIComponent(cluster.id)}`}
            className={buttonClass("plain")}
          >
            Open {cluster.name}
          </a>
        ))}
      </div>
    </Screen>
  );
}
