import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CheckPageFrame } from "#components/checks/check-page-frame.tsx";
import { CheckText } from "#components/checks/check-text.tsx";
import { severities } from "#components/findings/severity.ts";
import { checkPage } from "#lib/server/http/check-page.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<"/checks/[code]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = await checkPage((await params).code);
  return page === undefined ? { title: "No such check" } : { title: page.code, description: page.summary };
}

export default async function CheckPage({ params }: Props) {
  const page = await checkPage((await params).code);
  if (page === undefined) notFound();
  const { code, id, severity, summary, markdown } = page;
  const { icon: Icon, text, words } = severities[severity];
  return (
    <CheckPageFrame>
      <nav aria-label="Where this page stands" className="mb-5 text-[13px] text-ink-3">
        <a href="/checks" className="hover:text-ink hover:underline">
          All checks
        </a>{" "}
        / <span className="font-mono text-[12px]">{id}</span>
      </nav>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]">
        <span className="font-mono text-ink-2">{code}</span>
        <span className={`inline-flex items-center gap-1.5 font-medium ${text}`}>
          <Icon aria-hidden className="size-4" />
          {words}
        </span>
      </p>
      <h1 className="mt-1.5 text-balance text-[26px] font-semibold leading-tight tracking-tight text-ink">
        {summary}
      </h1>
      <p className="mt-4">
        <a href={`/findings?code=${code}`} className="text-[13.5px] font-medium text-accent hover:underline">
          Where it is found in this cluster
        </a>
      </p>
      <CheckText markdown={markdown} />
    </CheckPageFrame>
  );
}
