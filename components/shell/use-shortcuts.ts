"use client";

import { useEffect, useRef } from "react";

type Name =
  | "search"
  | "keys"
  | "close"
  | "fit"
  | "zoomIn"
  | "zoomOut"
  | "broken"
  | "table"
  | "swap"
  | "trace"
  | "pause";

/** What a page does not know, its keys leave alone. */
type Shortcuts = Readonly<Partial<Record<Name, () => void>>>;

const byKey: Readonly<Record<string, Name>> = {
  "/": "search",
  "?": "keys",
  Escape: "close",
  f: "fit",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  b: "broken",
  t: "table",
  s: "swap",
  a: "trace",
  p: "pause",
};

/** One-key shortcuts; silent while someone types, while a dialog or menu is open, and with a modifier held. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.search?.();
        return;
      }
      const name = byKey[event.key];
      if (name === undefined || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented)
        return;
      if (
        event.target instanceof HTMLElement &&
        event.target.closest("input, textarea, select, [contenteditable]")
      )
        return;
      if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
      const run = latest.current[name];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
