import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { FindingsSection } from "#components/findings/findings-section.tsx";
import { Facts, LabelChips, Related, Verdict } from "#components/object/panel-parts.tsx";
import { PanelFrame } from "#components/shell/panel-frame.tsx";
import { Ago } from "#components/ui/ago.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { healthText } from "#components/ui/health-mark.tsx";
import { Section } from "#components/ui/section.tsx";
import type { ServicePanel as Panel } from "#lib/protocol/panel.ts";
import { Endpoints } from "./endpoints.tsx";
import { SelectorPart } from "./selector-part.tsx";

interface Props {
  readonly panel: Panel;
  /** The moment that ages count to, ISO 8601. */
  readonly now: string;
  readonly actions: ReactNode;
  /** Who may reach it. */
  readonly reach: ReactNode;
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}

/** A Service: how healthy its endpoints are, and why; its ports, its selector, who comes in, what breaks because of it. */
export function ServicePanel({ panel, now, actions, reach, onShow, onClose }: Props) {
  return (
    <PanelFrame
      kicker={`Service · ${panel.namespace ?? ""} · ${panel.type}`}
      title={panel.name}
      onClose={onClose}
    >
      <div className="space-y-3 px-5 pb-4">
        <dl className="space-y-0.5 font-mono text-[12px] text-ink-2">
          {panel.addresses.map(({ label, value }) => (
            <div key={`${label} ${value}`}>
              <dt className="inline text-ink-3">{label} </dt>
              <dd className="inline break-all">{value}</dd>
            </div>
          ))}
          {panel.dnsNames.slice(0, 1).map((name) => (
            <div key={name}>
              <dt className="sr-only">DNS name</dt>
              <dd className="inline break-all" title={panel.dnsNames.join("\n")}>
                {name}
              </dd>
            </div>
          ))}
          {panel.createdAt === undefined ? null : (
            <div>
              <dt className="inline text-ink-3">age </dt>
              <dd className="inline">
                <Ago time={panel.createdAt} now={now} />
              </dd>
            </div>
          )}
        </dl>
        <Verdict health={panel.health} sentence={panel.sentence} />
        {actions}
      </div>

      <FindingsSection findings={panel.findings} of={panel.id} onShow={onShow} />

      <Endpoints panel={panel} now={now} onShow={onShow} />

      <Section title="Ports">
        <ul className="space-y-2">
          {panel.ports.map((port) => (
            <li key={`${port.port}/${port.protocol}`} className="text-[13px]">
              <div className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-mono text-[12px]">
                  {port.port}/{port.protocol}
                </span>
                {port.name === undefined ? null : <span className="text-ink-3">{port.name}</span>}
                <ArrowRight aria-hidden className="size-3 self-center text-ink-3" />
                <span className="font-mono text-[12px]">{port.targetPort}</span>
                {port.nodePort === undefined ? null : (
                  <span className="text-ink-3">node port {port.nodePort}</span>
                )}
              </div>
              <p
                className={
                  port.health === "ok" || port.health === "idle"
                    ? "text-[12px] text-ink-3"
                    : `text-[12px] ${healthText[port.health]}`
                }
              >
                {port.sentence}
              </p>
              {port.nearMiss === undefined ? null : <p className="text-[12px] text-ink-2">{port.nearMiss}</p>}
            </li>
          ))}
          {panel.ports.length === 0 ? <li className="text-[13px] text-ink-3">No ports.</li> : null}
        </ul>
      </Section>

      <SelectorPart panel={panel} onShow={onShow} />

      <Section title="Who comes in">
        {panel.comesIn.length > 0 ? (
          <Related related={panel.comesIn} onShow={onShow} />
        ) : (
          <p className="text-[13px] text-ink-3">No Ingress or route sends traffic here.</p>
        )}
      </Section>

      {reach}

      {panel.breaks.length > 0 ? (
        <Section title="What else breaks because of it">
          <Related related={panel.breaks} onShow={onShow} />
        </Section>
      ) : null}

      {panel.facts.length > 0 ? (
        <Section title="Settings">
          <Facts facts={panel.facts} />
        </Section>
      ) : null}
      {Object.keys(panel.labels).length > 0 ? (
        <Section title="Labels">
          <LabelChips labels={panel.labels} />
        </Section>
      ) : null}
      <Section title="With kubectl">
        <CodeBlock text={panel.kubectl} label="Copy kubectl" />
      </Section>
    </PanelFrame>
  );
}
