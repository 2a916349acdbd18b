"use client";

import { Menu } from "@base-ui/react/menu";
import { Check, ChevronDown, CircleAlert, FileText, Server, Store, Upload } from "lucide-react";
import useSWR from "swr";
import { menuItem, menuPopup } from "#components/ui/menu-style.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { clustersKey } from "#lib/client/keys.ts";
import { type Cluster, clusterListSchema } from "#lib/protocol/cluster.ts";

const kindIcons = { kube: Server, files: FileText, demo: Store } as const;

interface Props {
  readonly current: Pick<Cluster, "id" | "name">;
  readonly clusters: readonly Cluster[];
  readonly onChoose: (id: string) => void;
  readonly onOpenFile: () => void;
}

/** Every context of the kubeconfig, the files that were opened, and the demo. */
export function ClusterMenu({ current, clusters, onChoose, onOpenFile }: Props) {
  const { data } = useSWR(clustersKey, (key: string) => fetchJson(key, clusterListSchema), {
    fallbackData: { clusters: [...clusters] },
    revalidateOnMount: false,
  });
  return (
    <Menu.Root>
      <Menu.Trigger className="inline-flex h-8 min-w-0 items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-[13px] hover:bg-hover">
        <span className="text-ink-3 max-lg:sr-only">cluster</span>
        <span className="max-w-40 truncate font-semibold">{current.name}</span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={6} className="z-50">
          <Menu.Popup className={`${menuPopup} max-h-[70vh] max-w-96 overflow-auto`}>
            {data.clusters.map((cluster) => {
              const Icon = kindIcons[cluster.kind];
              return (
                <Menu.Item key={cluster.id} className={menuItem} onClick={() => onChoose(cluster.id)}>
                  <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
                  <span className="min-w-0 flex-1 truncate">{cluster.name}</span>
                  {cluster.state.kind === "failed" ? (
                    <CircleAlert aria-label="could not be read" className="size-3.5 text-broken" />
                  ) : null}
                  {cluster.id === current.id ? (
                    <Check aria-label="shown now" className="size-3.5 text-accent" />
                  ) : null}
                </Menu.Item>
              );
            })}
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.Item className={menuItem} onClick={onOpenFile}>
              <Upload aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
              Open a dump, bundle or manifests…
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
