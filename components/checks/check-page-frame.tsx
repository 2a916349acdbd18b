"use client";

import type { ReactNode } from "react";
import { BottomBar, TopBar } from "#components/shell/top-bar.tsx";

/** A page to read: the bar above, one column of text below. */
export function CheckPageFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <TopBar page="Findings" cluster={undefined} status={null}>
        {null}
      </TopBar>
      <main className="mx-auto w-full max-w-3xl flex-1 px-5 pb-20 pt-8">{children}</main>
      <div className="sticky bottom-0">
        <BottomBar page="Findings" cluster={undefined} />
      </div>
    </div>
  );
}
