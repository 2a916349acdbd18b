"use client";

import { type ReactNode, useRef } from "react";
import type { Cluster, ClusterStatus } from "#lib/protocol/cluster.ts";
import { linkTo } from "#lib/protocol/link.ts";
import { ClusterMenu } from "./cluster-menu.tsx";
import { type DropHandle, DropZone } from "./drop-zone.tsx";
import { StatusLine } from "./status-line.tsx";
import { BottomBar, type PageName, TopBar } from "./top-bar.tsx";

interface Props {
  readonly page: PageName;
  readonly clusters: readonly Cluster[];
  readonly status: ClusterStatus;
  readonly now: number | undefined;
  /** The cluster as the link names it; null: the default one. */
  readonly inCluster: string | null;
  /** The page's address in another cluster. */
  readonly addressIn: (id: string) => string;
  readonly children: ReactNode;
}

/** What is around every page but the map: the bars, the cluster and its state, and files that are dropped. */
export function PageFrame({ page, clusters, status, now, inCluster, addressIn, children }: Props) {
  const drop = useRef<DropHandle>(null);
  const cluster = inCluster ?? undefined;
  const goTo = (id: string) => window.location.assign(addressIn(id));
  return (
    <DropZone ref={drop} onAdded={goTo}>
      <div className="flex h-dvh flex-col">
        <TopBar
          page={page}
          cluster={cluster}
          status={
            <StatusLine
              cluster={status}
              now={now}
              inCluster={inCluster}
              onOpenInput={() => window.location.assign(linkTo("/", { cluster: inCluster, list: "input" }))}
            />
          }
        >
          <ClusterMenu
            current={status}
            clusters={clusters}
            onChoose={goTo}
            onOpenFile={() => drop.current?.choose()}
          />
        </TopBar>
        {children}
        <BottomBar page={page} cluster={cluster} />
      </div>
    </DropZone>
  );
}
