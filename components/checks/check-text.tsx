"use client";

import Markdown, { RuleType } from "markdown-to-jsx/react";
import { CodeBlock } from "#components/ui/code-block.tsx";

/** The Markdown of a check's page. It is our own: files of this repository. */
export function CheckText({ markdown }: { readonly markdown: string }) {
  return (
    <Markdown
      options={{
        disableParsingRawHTML: true,
        forceBlock: true,
        overrides: {
          h2: ({ children }) => (
            <h2 className="mb-2 mt-9 text-[17px] font-semibold tracking-tight text-ink">{children}</h2>
          ),
          h3: ({ children }) => (
            <h3 className="mb-1.5 mt-6 text-[14px] font-semibold text-ink">{children}</h3>
          ),
          p: ({ children }) => <p className="my-3 text-[14.5px] leading-relaxed text-ink-2">{children}</p>,
          ul: ({ children }) => (
            <ul className="my-3 list-disc space-y-1.5 pl-5 text-[14.5px] leading-relaxed text-ink-2">
              {children}
            </ul>
          ),
          ol: ({ children }) => (
            <ol className="my-3 list-decimal space-y-1.5 pl-5 text-[14.5px] leading-relaxed text-ink-2">
              {children}
            </ol>
          ),
          strong: ({ children }) => <strong className="font-semibold text-ink">{children}</strong>,
          a: ({ href, children }) => (
            <a href={href} className="font-medium text-accent hover:underline">
              {children}
            </a>
          ),
          table: ({ children }) => (
            <div className="my-4 overflow-x-auto rounded-lg border border-line">
              <table className="w-full text-[13px] text-ink-2 [&_td]:border-t [&_td]:border-line [&_td]:p-2.5 [&_th]:p-2.5 [&_th]:text-left [&_th]:font-medium [&_th]:text-ink">
                {children}
              </table>
            </div>
          ),
        },
        renderRule(next, node) {
          if (node.type !== RuleType.codeBlock) return next();
          // Each is a place of its own on the page, and has to have a name of its own.
          const [first = ""] = node.text.split("\n");
          return <CodeBlock key={node.text} text={node.text} label={`Copy ${first.slice(0, 80)}`} />;
        },
      }}
    >
      {markdown}
    </Markdown>
  );
}
