import { CodeBlock } from "#components/ui/code-block.tsx";
import { Section } from "#components/ui/section.tsx";
import type { ServicePanel } from "#lib/protocol/panel.ts";

/** Which labels match which pods; when none do, the nearest pods with the label that differs marked. */
export function SelectorPart({
  panel,
  onShow,
}: {
  readonly panel: ServicePanel;
  readonly onShow: (id: string) => void;
}) {
  const { selector } = panel;
  if (selector.backing === "external-name") {
    return (
      <Section title="Selector">
        <p className="text-[13px] text-ink-2">
          None: an ExternalName Service is a DNS alias, and sends no packet itself.
        </p>
      </Section>
    );
  }
  if (selector.backing === "manual") {
    return (
      <Section title="Selector">
        <p className="text-[13px] text-ink-2">None: someone else writes its EndpointSlices.</p>
      </Section>
    );
  }
  const near = selector.nearMiss;
  const fix = panel.findings.find(
    (f) => f.subject === panel.id && f.check === "service/selector-matches-nothing",
  )?.fix.command;
  return (
    <Section title="Selector">
      <div className="flex flex-wrap items-center gap-1.5">
        {Object.entries(selector.labels).map(([key, value]) => {
          const wrong = near?.differs.some((d) => d.key === key) === true;
          return (
            <code
              key={key}
              className={`rounded-md border px-1.5 py-0.5 font-mono text-[12px] ${wrong ? "border-broken-line bg-broken-soft text-broken" : "border-line bg-ground text-ink-2"}`}
            >
              {key}={value}
            </code>
          );
        })}
      </div>
      <p className="mt-2 text-[13px] text-ink-2">
        {selector.pods === undefined
          ? "Pods could not be read, so what it matches is not known."
          : selector.pods === 0
            ? "Matches no pod."
            : `Matches ${selector.pods} ${selector.pods === 1 ? "pod" : "pods"} of ${selector.workloads.length} ${selector.workloads.length === 1 ? "workload" : "workloads"}.`}
      </p>
      <ul className="mt-1.5 space-y-1">
        {selector.workloads.map((workload) => (
          <li key={workload.id} className="text-[13px]">
            <button type="button" onClick={() => onShow(workload.id)} className="text-accent hover:underline">
              {workload.name}
            </button>{" "}
            <span className="text-ink-3">
              {workload.kind}, {workload.pods} {workload.pods === 1 ? "pod" : "pods"}
            </span>
          </li>
        ))}
      </ul>
      {near === undefined ? null : (
        <div className="mt-3 rounded-lg border border-line p-3" data-near-miss>
          <p className="text-[13px] font-medium">Nearest pods</p>
          <p className="mt-0.5 text-[12px] text-ink-2">{near.sentence}</p>
          <div className="mt-2 flex flex-wrap items-center gap-1.5">
            {Object.entries(near.labels).map(([key, value]) => {
              const differs = near.differs.find((d) => d.key === key);
              return (
                <code
                  key={key}
                  className={`rounded-md border px-1.5 py-0.5 font-mono text-[12px] ${differs === undefined ? "border-line bg-ground text-ink-3" : "border-ok-line bg-ok-soft text-ok"}`}
                >
                  {key}={value}
                </code>
              );
            })}
          </div>
          <button
            type="button"
            onClick={() => onShow(near.workload)}
            className="mt-2 text-[12px] font-medium text-accent hover:underline"
          >
            Show {near.workload}
          </button>
          {fix === undefined ? null : (
            <div className="mt-2">
              <CodeBlock text={fix} label="Copy fix" />
            </div>
          )}
        </div>
      )}
    </Section>
  );
}
