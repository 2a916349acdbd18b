"use client";

import { ContextMenu } from "@base-ui/react/context-menu";
import { Crosshair, LogIn, LogOut, PanelRight } from "lucide-react";
import { type ReactElement, useState } from "react";
import { menuItem, menuPopup } from "#components/ui/menu-style.ts";
import { sourceText, targetText } from "#lib/model/end-text.ts";
import type { PlacedNode } from "#lib/model/graph.ts";
import { traceLinkTo } from "#lib/protocol/trace-link.ts";

interface Props {
  readonly nodes: readonly PlacedNode[];
  readonly cluster: string | null;
  readonly onOpen: (node: PlacedNode) => void;
  readonly onTouch: (node: PlacedNode) => void;
  /** The element whose cards have the menu. */
  readonly children: ReactElement;
}

/** The menu of a card: right click, a long press, or the keyboard's menu key. */
export function NodeMenu({ nodes, cluster, onOpen, onTouch, children }: Props) {
  const [id, setId] = useState<string>();
  const [open, setOpen] = useState(false);
  const node = nodes.find((candidate) => candidate.id === id);
  const object = node?.object ?? node?.id ?? "";
  const from = node?.kind === "internet" ? "internet" : sourceText(object);
  const to = node?.kind === "internet" ? "internet" : targetText(object);
  const isCard = node !== undefined && node.kind !== "folded";
  return (
    <ContextMenu.Root open={open && isCard} onOpenChange={setOpen}>
      <ContextMenu.Trigger
        render={children}
        onPointerDownCapture={({ target }) => setId(nodeAt(target))}
        onContextMenuCapture={(event) => {
          const under = nodeAt(event.target);
          setId(under);
          // Elsewhere the browser's own menu is of more use.
          if (under === undefined) event.stopPropagation();
        }}
      />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-50">
          <ContextMenu.Popup className={menuPopup} aria-label={node?.name}>
            {from === undefined ? null : (
              <ContextMenu.LinkItem className={menuItem} href={traceLinkTo({ cluster, from })}>
                <LogOut aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
                Trace from here
              </ContextMenu.LinkItem>
            )}
            {to === undefined ? null : (
              <ContextMenu.LinkItem className={menuItem} href={traceLinkTo({ cluster, to })}>
                <LogIn aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
                Trace to here
              </ContextMenu.LinkItem>
            )}
            {node?.object === undefined ? null : (
              <ContextMenu.Item className={menuItem} onClick={() => onOpen(node)}>
                <PanelRight aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
                Open
              </ContextMenu.Item>
            )}
            {node === undefined ? null : (
              <ContextMenu.Item className={menuItem} onClick={() => onTouch(node)}>
                <Crosshair aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
                Only what touches it
              </ContextMenu.Item>
            )}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function nodeAt(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined;
  const card = target.closest("[data-node]");
  return card instanceof HTMLElement ? card.dataset.node : undefined;
}
