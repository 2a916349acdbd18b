import type { ReactNode } from "react";
import { Logo } from "#components/ui/logo.tsx";

interface Props {
  readonly kicker: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** A whole page that is no map: what happened, and what to do next. */
export function Screen({ kicker, title, children }: Props) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center p-5">
      <div className="w-full max-w-xl">
        <a href="/" className="mb-5 inline-flex items-center gap-2.5 text-[15px] font-semibold">
          <Logo className="h-[17px] w-auto" />
          Throughline
        </a>
        <div className="rounded-2xl border border-line bg-surface p-7 shadow-card">
          <p className="text-[12px] font-medium text-ink-3">{kicker}</p>
          <h1 className="mt-1 text-[22px] font-semibold leading-tight">{title}</h1>
          <div className="mt-3 space-y-4 text-[14px] text-ink-2">{children}</div>
        </div>
      </div>
    </main>
  );
}
