import type { PatchLineView } from "#lib/protocol/finding.ts";

const tones: Readonly<Record<PatchLineView["sign"], string>> = {
  " ": "text-ink-3",
  "+": "text-ok",
  "-": "text-broken",
};

/** A patch as people read it: where it goes, and what it puts there. */
export function PatchBlock({ lines }: { readonly lines: readonly PatchLineView[] }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label="The patch"
      className="overflow-x-auto rounded-lg border border-line bg-ground p-3 font-mono text-[12px] leading-relaxed"
    >
      {lines.map(({ sign, text }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <span key={i} className={`block ${tones[sign]}`}>
          {`${sign} ${text}`}
        </span>
      ))}
    </pre>
  );
}
