import { capital } from "#lib/model/capital.ts";
import type { FixView } from "#lib/protocol/finding.ts";
import { CodeBlock } from "./code-block.tsx";
import { CopyButton } from "./copy-button.tsx";
import { PatchBlock } from "./patch-block.tsx";

/** The smallest fix: in a sentence, and to copy where a command or a manifest does it. */
export function FixBlock({ fix }: { readonly fix: FixView }) {
  return (
    <div className="space-y-2">
      <p className="text-ink">
        <b className="font-semibold">Smallest fix.</b> {capital(fix.text)}
      </p>
      {fix.patch === undefined ? null : <PatchBlock lines={fix.patch.lines} />}
      {fix.manifest === undefined ? null : <CodeBlock text={fix.manifest} label="Copy manifest" />}
      {fix.command === undefined ? null : <CopyButton text={fix.command} label="Copy patch" />}
    </div>
  );
}
