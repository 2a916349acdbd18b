"use client";

import type { ReactNode } from "react";
import { Logo } from "#components/ui/logo.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ThemeButton } from "./theme-button.tsx";

/** The pages, as the bar names them. */
const pages = [
  { name: "Map", path: "/" },
  { name: "Trace", path: "/trace" },
  { name: "Findings", path: "/findings" },
  { name: "Matrix", path: "/matrix" },
] as const;

export type PageName = (typeof pages)[number]["name"];

interface Props {
  readonly page: PageName;
  /** The cluster's id, where it is not the default one. */
  readonly cluster: string | undefined;
  /** What to choose: cluster, namespaces, filters, search. */
  readonly children: ReactNode;
  readonly status: ReactNode;
}

/** The bar over every page. */
export function TopBar({ page, cluster, children, status }: Props) {
  return (
    <header className="z-30 flex h-14 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 sm:px-4">
      <a
        href={inCluster("/", cluster)}
        className="flex items-center gap-2.5"
        aria-label="Throughline, start page"
      >
        <Logo className="h-[17px] w-auto" />
        <span className="text-[15px] font-semibold tracking-tight max-xl:sr-only">Throughline</span>
      </a>
      <nav aria-label="Pages" className="mx-1 flex items-center max-md:hidden">
        {pages.map(({ name, path }) => (
          <PageLink key={name} name={name} path={inCluster(path, cluster)} current={name === page} />
        ))}
      </nav>
      {children}
      <div className="ml-auto flex items-center gap-1">
        {status}
        <AccountMenu />
        <ThemeButton />
      </div>
    </header>
  );
}

function PageLink({
  name,
  path,
  current,
}: {
  readonly name: string;
  readonly path: string;
  readonly current: boolean;
}) {
  return (
    <a
      href={path}
      aria-current={current ? "page" : undefined}
      className={`inline-flex h-8 items-center rounded-lg px-2.5 text-[13px] font-medium ${current ? "bg-hover text-ink" : "text-ink-2 hover:bg-hover hover:text-ink"}`}
    >
      {name}
    </a>
  );
}

/** On a phone the pages stand at the bottom, where a thumb reaches them. */
export function BottomBar({ page, cluster }: Pick<Props, "page" | "cluster">) {
  return (
    <nav
      aria-label="Pages"
      className="z-30 flex shrink-0 items-center justify-around border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {pages.map(({ name, path }) => (
        <a
          key={name}
          href={inCluster(path, cluster)}
          aria-current={name === page ? "page" : undefined}
          className={`flex h-11 flex-1 items-center justify-center text-[12px] font-medium ${name === page ? "text-accent" : "text-ink-2"}`}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

function inCluster(path: string, cluster: string | undefined): string {
  if (cluster === undefined) return path;
  return `${path}${path.includes("?") ? "&" : "?"}cluster=${encodeURIComponent(cluster)}`;
}
