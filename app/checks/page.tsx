import type { Metadata } from "next";
import { CheckPageFrame } from "#components/checks/check-page-frame.tsx";
import { severities } from "#components/findings/severity.ts";
import { checkList } from "#lib/server/http/check-page.ts";

export const metadata: Metadata = { title: "Checks" };
export const dynamic = "force-dynamic";

/** The families of codes, as `lib/diagnosis/registry.ts` has them. */
const families: readonly (readonly [hundred: string, title: string])[] = [
  ["NET-1", "Service and endpoints"],
  ["NET-2", "Ingress and TLS"],
  ["NET-3", "Gateway API"],
  ["NET-4", "Network policy"],
  ["NET-5", "Pod and node"],
  ["NET-6", "DNS"],
  ["NET-7", "Network plugin and kube-proxy"],
];

export default function ChecksPage() {
  const checks = checkList();
  return (
    <CheckPageFrame>
      <h1 className="text-[26px] font-semibold tracking-tight text-ink">Checks</h1>
      <p className="mt-2 text-[14.5px] text-ink-2">
        What Throughline looks for: {checks.length} faults, each with a page for whoever is on call.
      </p>
      {families.map(([hundred, title]) => {
        const own = checks.filter(({ code }) => code.startsWith(hundred));
        if (own.length === 0) return null;
        return (
          <section key={hundred} aria-label={title}>
            <h2 className="mb-2 mt-8 text-[15px] font-semibold text-ink">{title}</h2>
            <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
              {own.map(({ code, severity, summary }) => {
                const { icon: Icon, text, words } = severities[severity];
                return (
                  <li key={code}>
                    <a
                      href={`/checks/${code}`}
                      className="flex items-start gap-3 px-3.5 py-2.5 text-[13.5px] hover:bg-hover"
                    >
                      <Icon role="img" aria-label={words} className={`mt-0.5 size-4 shrink-0 ${text}`} />
                      <span className="w-16 shrink-0 font-mono text-[12px] leading-5 text-ink-3">{code}</span>
                      <span className="min-w-0 flex-1 text-ink">{summary}</span>
                    </a>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </CheckPageFrame>
  );
}
