import { Section } from "#components/ui/section.tsx";
import type { FindingView } from "#lib/protocol/finding.ts";
import { FindingCard } from "./finding-card.tsx";

interface Props {
  readonly findings: readonly FindingView[];
  /** The object whose panel this is: a finding about another one leads there. */
  readonly of: string;
  readonly onShow: (id: string) => void;
}

/** What was found about an object, in its panel. */
export function FindingsSection({ findings, of, onShow }: Props) {
  if (findings.length === 0) return null;
  return (
    <Section title="Findings">
      <div className="space-y-2">
        {findings.map((finding) => (
          <FindingCard
            key={`${finding.code} ${finding.subject} ${finding.part ?? ""} ${finding.message}`}
            finding={finding}
            of={of}
            onShow={onShow}
          />
        ))}
      </div>
    </Section>
  );
}
