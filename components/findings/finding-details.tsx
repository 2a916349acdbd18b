import { CodeBlock } from "#components/ui/code-block.tsx";
import { EvidenceList } from "#components/ui/evidence-list.tsx";
import { FixBlock } from "#components/ui/fix-block.tsx";
import { capital } from "#lib/model/capital.ts";
import type { FindingView } from "#lib/protocol/finding.ts";

interface Props {
  readonly finding: FindingView;
  readonly onShow: (id: string) => void;
}

/** All that is known of a finding: what nearly matched, the smallest fix, the evidence, and how to see it with kubectl. */
export function FindingDetails({ finding, onShow }: Props) {
  const { code, check, nearMiss, fix, evidence, kubectl } = finding;
  return (
    <div className="space-y-3 text-[12.5px]">
      {nearMiss === undefined ? null : (
        <p className="text-ink">
          <b className="font-semibold">Nearly.</b> {capital(nearMiss)}.
        </p>
      )}
      <FixBlock fix={fix} />
      <EvidenceList evidence={evidence} onShow={onShow} />
      <CodeBlock text={kubectl} label="Copy kubectl" />
      <p className="text-ink-3">
        <a href={`/checks/${code}`} className="font-medium text-accent hover:underline">
          What {code} means, and when to ignore it
        </a>{" "}
        <span className="font-mono text-[11px]">{check}</span>
      </p>
    </div>
  );
}
