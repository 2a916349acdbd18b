"use client";

import { Menu } from "@base-ui/react/menu";
import { ChevronDown, Route } from "lucide-react";
import { buttonClass } from "#components/ui/button.tsx";
import { menuItem, menuPopup } from "#components/ui/menu-style.ts";
import type { TraceQuestionView } from "#lib/protocol/panel.ts";
import { traceLinkTo } from "#lib/protocol/trace-link.ts";

/** The traces that an object's panel offers: two as buttons, more in a menu. */
export function TraceButtons({
  questions,
  cluster,
}: {
  readonly questions: readonly TraceQuestionView[];
  readonly cluster: string | null;
}) {
  const linkOf = ({ from, to }: TraceQuestionView) =>
    traceLinkTo({ cluster, from: from ?? "", to: to ?? "" });
  if (questions.length > 2)
    return (
      <Menu.Root>
        <Menu.Trigger className={buttonClass()}>
          <Route aria-hidden className="size-3.5" />
          Trace
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="start" sideOffset={6} className="z-50">
            <Menu.Popup className={`${menuPopup} max-h-[60vh] max-w-[92vw] overflow-auto`}>
              {questions.map((question) => (
                <Menu.LinkItem key={question.words} className={menuItem} href={linkOf(question)}>
                  <span className="truncate">{question.words}</span>
                </Menu.LinkItem>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    );
  return questions.map((question) => (
    <a key={question.words} href={linkOf(question)} className={`${buttonClass()} max-w-full`}>
      <Route aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{question.words}</span>
    </a>
  ));
}
