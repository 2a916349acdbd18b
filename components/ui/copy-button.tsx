"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.tsx";

interface Props {
  /** The text itself, or what gives it at the moment of copying (a link to the view as it is now). */
  readonly text: string | (() => string);
  /** What is copied, as the button says it: "Copy link". */
  readonly label: string;
  readonly look?: "primary" | "plain" | "ghost";
  readonly iconOnly?: boolean;
}

export function CopyButton({ text, label, look = "plain", iconOnly = false }: Props) {
  const [state, setState] = useState<"ready" | "copied" | "failed">("ready");

  async function copy() {
    const value = typeof text === "string" ? text : text();
    try {
      await navigator.clipboard.writeText(value);
      setState("copied");
    } catch {
      // Clipboard access needs a secure context; a plain-http address in a team's network has none.
      setState(copyBySelection(value) ? "copied" : "failed");
    }
  }

  const Icon = state === "copied" ? Check : Copy;
  const words = state === "copied" ? "Copied" : state === "failed" ? "Could not copy" : label;
  return (
    <Button
      look={look}
      size={iconOnly ? "small" : "normal"}
      onClick={copy}
      onBlur={() => setState("ready")}
      aria-label={iconOnly ? words : undefined}
      title={iconOnly ? label : undefined}
    >
      <Icon aria-hidden className="size-3.5" />
      {iconOnly ? null : <span aria-live="polite">{words}</span>}
    </Button>
  );
}

function copyBySelection(value: string): boolean {
  const area = document.createElement("textarea");
  area.value = value;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
