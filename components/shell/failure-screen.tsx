import { buttonClass } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import type { Cluster, FailureView } from "#lib/protocol/cluster.ts";
import { Screen } from "./screen.tsx";

interface Props {
  readonly id: string;
  readonly name: string;
  readonly failure: FailureView;
  readonly others: readonly Pick<Cluster, "id" | "name">[];
}

/** A cluster that gave nothing: why, what to do, and where else to look. */
export function FailureScreen({ id, name, failure, others }: Props) {
  return (
    <Screen kicker={name} title={failure.title}>
      <p className="break-words">{failure.detail}</p>
      {/^(kubectl|aws|gcloud|az|export|ls|chmod) /.test(failure.remedy) ? (
        <CodeBlock text={failure.remedy} label="Copy command" />
      ) : (
        <p>{failure.remedy}</p>
      )}
      <div className="flex flex-wrap gap-2 pt-1">
        <a href={`/?cluster=${encodeURIComponent(id)}`} className={buttonClass("primary")}>
          Try again
        </a>
        {others.slice(0, 6).map((other) => (
          <a
            key={other.id}
            href={`/?cluster=${encodeURIComponent(other.id)}`}
            className={buttonClass("plain")}
          >
            Open {other.name}
          </a>
        ))}
      </div>
    </Screen>
  );
}
