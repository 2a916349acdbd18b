import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import { FailureScreen } from "#components/shell/failure-screen.tsx";
import { SyncingScreen } from "#components/shell/syncing-screen.tsx";
import { UnknownClusterScreen } from "#components/shell/unknown-cluster-screen.tsx";
import { assertNever } from "#lib/model/assert-never.ts";
import { askPage } from "#lib/server/pages/ask-page.ts";
import type { InPlace, Opened } from "#lib/server/pages/opened.ts";
import type { PageName } from "#lib/server/pages/page-schemas.ts";

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a page shows first. Its title and its body ask for the same, and it is worked out once. */
export function openPage<Name extends PageName>(name: Name, params: Params): Promise<Opened<Name>> {
  const search = new URLSearchParams(
    Object.entries(params).flatMap(([key, value]) =>
      [value ?? []].flat().map((each): [string, string] => [key, each]),
    ),
  );
  return openOnce(name, search.toString());
}

const openOnce = cache(async <Name extends PageName>(name: Name, search: string) =>
  askPage(name, new URLSearchParams(search), new Headers(await headers())),
);

/** What there is to show in place of the page. */
export function screenFor(opened: InPlace): ReactNode {
  switch (opened.kind) {
    case "unknown":
      return <UnknownClusterScreen id={opened.id} clusters={opened.clusters} />;
    case "syncing":
      return <SyncingScreen cluster={opened.cluster} />;
    case "failed":
      return (
        <FailureScreen id={opened.id} name={opened.name} failure={opened.failure} others={opened.others} />
      );
    default:
      return assertNever(opened);
  }
}
