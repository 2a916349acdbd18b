import { CircleAlert, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { Severity } from "#lib/model/finding.ts";

/** How a severity looks and is said, wherever it stands. */
export const severities: Readonly<
  Record<
    Severity,
    { readonly icon: LucideIcon; readonly text: string; readonly soft: string; readonly words: string }
  >
> = {
  error: { icon: CircleAlert, text: "text-broken", soft: "bg-broken-soft", words: "Broken now" },
  warning: { icon: TriangleAlert, text: "text-partial", soft: "bg-partial-soft", words: "At risk" },
  info: { icon: Info, text: "text-unknown", soft: "bg-unknown-soft", words: "Worth knowing" },
};

export const severityOrder = ["error", "warning", "info"] as const satisfies readonly Severity[];
