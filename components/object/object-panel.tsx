import type { ReactNode } from "react";
import { FindingsSection } from "#components/findings/findings-section.tsx";
import { PanelFrame } from "#components/shell/panel-frame.tsx";
import { Ago } from "#components/ui/ago.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Section } from "#components/ui/section.tsx";
import type { ObjectPanel as Panel } from "#lib/protocol/panel.ts";
import { Facts, LabelChips, Related, Verdict } from "./panel-parts.tsx";

interface Props {
  readonly panel: Panel;
  readonly now: string;
  readonly actions: ReactNode;
  /** Who may reach it, and what it may reach. */
  readonly reach: ReactNode;
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}

/** Any object: its facts, what it relates to, what was found, the kubectl line that shows it. */
export function ObjectPanel({ panel, now, actions, reach, onShow, onClose }: Props) {
  return (
    <PanelFrame
      kicker={[panel.kind, panel.namespace].filter((x) => x !== undefined).join(" · ")}
      title={panel.name}
      onClose={onClose}
    >
      <div className="space-y-3 px-5 pb-4">
        <Verdict health={panel.health} sentence={panel.sentence} />
        {actions}
      </div>
      <FindingsSection findings={panel.findings} of={panel.id} onShow={onShow} />
      {panel.facts.length > 0 ? (
        <Section title="Facts">
          <Facts facts={panel.facts} />
        </Section>
      ) : null}
      {reach}
      {panel.related.length > 0 ? (
        <Section title="Related">
          <Related related={panel.related} onShow={onShow} />
        </Section>
      ) : null}
      {panel.conditions.length > 0 ? (
        <Section title="Conditions">
          <ul className="space-y-1.5 text-[12px]">
            {panel.conditions.map((c) => (
              <li key={c.type}>
                <span className="font-medium text-ink">
                  {c.type}: {c.status}
                </span>{" "}
                <span className="text-ink-3">
                  {c.reason} {c.since === undefined ? null : <Ago time={c.since} now={now} />}
                </span>
                {c.message === undefined || c.message === "" ? null : (
                  <span className="block break-words text-ink-2">{c.message}</span>
                )}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {panel.events.length > 0 ? (
        <Section title="Warning events">
          <ul className="space-y-1.5 text-[12px]">
            {panel.events.map((event) => (
              <li key={`${event.reason} ${event.message}`}>
                <span className="font-medium text-ink">{event.reason}</span>{" "}
                <span className="text-ink-3">
                  {event.count > 1 ? `×${event.count} ` : ""}
                  <Ago time={event.lastSeen} now={now} />
                </span>
                <span className="block break-words text-ink-2">{event.message}</span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {Object.keys(panel.labels).length > 0 ? (
        <Section title="Labels">
          <LabelChips labels={panel.labels} />
        </Section>
      ) : null}
      <Section title="With kubectl">
        <CodeBlock text={panel.kubectl} label="Copy kubectl" />
        {panel.origin === undefined ? null : (
          <p className="mt-2 text-[12px] text-ink-3">Read from {panel.origin}</p>
        )}
      </Section>
    </PanelFrame>
  );
}
