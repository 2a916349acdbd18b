import { CopyButton } from "./copy-button.tsx";

/** Commands or YAML, to read and to copy. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="group relative rounded-lg border border-line bg-ground">
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-x-auto p-3 pr-11 font-mono text-[12px] leading-relaxed text-ink-2"
      >
        {text}
      </pre>
      <div className="absolute right-1 top-1 rounded-lg bg-ground">
        <CopyButton text={text} label={label} look="ghost" iconOnly />
      </div>
    </div>
  );
}
