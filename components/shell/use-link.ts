"use client";

import { debounce, useQueryStates } from "nuqs";
import { type LinkState, linkParsers, linkTo } from "#lib/protocol/link.ts";

type Change = { readonly [K in keyof LinkState]?: LinkState[K] | null };

/** The view as the URL tells it, and how to change it. A step that people would take back enters the history. */
export function useLink(): {
  readonly link: LinkState;
  readonly go: (change: Change) => void;
  readonly adjust: (change: Change) => void;
} {
  const [link, setLink] = useQueryStates(linkParsers);
  return {
    link,
    go: (change) => void setLink(change, { history: "push" }),
    adjust: (change) => void setLink(change, { history: "replace", limitUrlUpdates: debounce(250) }),
  };
}

/** The address of the view as it is now, cluster included. */
export function currentLink(link: LinkState, cluster: string): string {
  return `${window.location.origin}${linkTo("/", { ...link, cluster })}`;
}
