import { CircleHelp, Minus, TriangleAlert, X } from "lucide-react";
import type { Health } from "#lib/model/graph.ts";

export const healthWords: Readonly<Record<Health, string>> = {
  ok: "healthy",
  partial: "partly working",
  broken: "broken",
  unknown: "not known",
  idle: "idle",
};

const marks: Readonly<Record<Health, { readonly className: string; readonly icon?: typeof X }>> = {
  ok: { className: "size-2.5 rounded-full bg-ok-line m-[3px]" },
  partial: { className: "text-partial", icon: TriangleAlert },
  broken: { className: "rounded-full bg-broken-line text-white dark:text-[#1b0609] p-[2px]", icon: X },
  unknown: { className: "text-unknown", icon: CircleHelp },
  idle: { className: "rounded-full border border-line-strong text-ink-3 p-[1px]", icon: Minus },
};

/** Health as a shape and a colour together; each shape differs, so it reads without colour. */
export function HealthMark({ health, label = true }: { readonly health: Health; readonly label?: boolean }) {
  const { className, icon: Icon } = marks[health];
  const name = label ? { role: "img", "aria-label": healthWords[health] } : { "aria-hidden": true };
  return (
    <span
      {...name}
      className={`inline-flex size-4 shrink-0 items-center justify-center ${Icon === undefined ? "" : className}`}
    >
      {Icon === undefined ? <span className={className} /> : <Icon className="size-full" strokeWidth={2.5} />}
    </span>
  );
}

export const healthText: Readonly<Record<Health, string>> = {
  ok: "text-ok",
  partial: "text-partial",
  broken: "text-broken",
  unknown: "text-unknown",
  idle: "text-ink-3",
};

export const healthSoft: Readonly<Record<Health, string>> = {
  ok: "bg-ok-soft",
  partial: "bg-partial-soft",
  broken: "bg-broken-soft",
  unknown: "bg-unknown-soft",
  idle: "bg-unknown-soft",
};
