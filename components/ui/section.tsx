import type { ReactNode } from "react";

/** A titled part of a panel. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="border-t border-line px-5 py-4">
      <div className="mb-2.5 flex items-baseline justify-between gap-3">
        <h3 className="text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3">{title}</h3>
        {aside === undefined ? null : <div className="text-[11px] text-ink-3">{aside}</div>}
      </div>
      {children}
    </section>
  );
}
