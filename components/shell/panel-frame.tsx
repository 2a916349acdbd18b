import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";

interface Props {
  readonly kicker: ReactNode;
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel's head, with its way out, and its scrolling body. */
export function PanelFrame({ kicker, title, onClose, children }: Props) {
  return (
    <div className="flex h-full flex-col">
      <header className="flex items-start gap-3 px-5 pb-3 pt-4">
        <div className="min-w-0 flex-1">
          <div className="truncate text-[12px] text-ink-3">{kicker}</div>
          <h2 className="break-words text-[18px] font-semibold leading-tight text-ink">{title}</h2>
        </div>
        <Button look="ghost" size="icon" aria-label="Close panel" onClick={onClose}>
          <X aria-hidden className="size-4" />
        </Button>
      </header>
      <div tabIndex={0} role="region" aria-label="Panel" className="min-h-0 flex-1 overflow-y-auto">
        {children}
      </div>
    </div>
  );
}
