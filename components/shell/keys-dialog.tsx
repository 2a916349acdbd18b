"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Button } from "#components/ui/button.tsx";
import { dialogBackdrop } from "#components/ui/menu-style.ts";

const keys: readonly (readonly [string, string])[] = [
  ["/ or ⌘K", "Find anything"],
  ["Tab", "Go through the cards"],
  ["← →", "Walk the edges, towards the client or the pods"],
  ["↑ ↓", "Next card in the column"],
  ["Enter", "Open the panel of a card, unfold a fold"],
  ["Esc", "Close the panel"],
  ["f", "Fit the whole map"],
  ["+ −", "Zoom"],
  ["b", "Only what is broken"],
  ["t", "Map or table"],
  ["a", "Ask: a trace to what is selected"],
  ["s", "On a trace: swap its ends"],
  ["p", "Hold the view, or follow again"],
  ["?", "These keys"],
];

export function KeysDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className="fixed inset-x-3 top-[14vh] z-50 mx-auto max-w-md rounded-2xl border border-line bg-raised p-5 shadow-raised">
          <Dialog.Title className="text-[15px] font-semibold">Keys</Dialog.Title>
          <dl className="mt-3 grid grid-cols-[7rem_1fr] gap-y-2 text-[13px]">
            {keys.map(([key, what]) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="rounded-md border border-line bg-ground px-1.5 py-0.5 font-mono text-[12px]">
                    {key}
                  </kbd>
                </dt>
                <dd className="text-ink-2">{what}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-4 flex justify-end">
            <Dialog.Close render={<Button />}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
