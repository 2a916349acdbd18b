import { Ago } from "#components/ui/ago.tsx";
import { Section } from "#components/ui/section.tsx";
import type { EndpointView, ServicePanel } from "#lib/protocol/panel.ts";

interface Props {
  readonly panel: ServicePanel;
  readonly now: string;
  readonly onShow: (id: string) => void;
}

/** A row an endpoint: where it is, whether it takes traffic, since when, and if not, why. */
export function Endpoints({ panel, now, onShow }: Props) {
  return (
    <Section title="Endpoints" aside={panel.endpointSource}>
      {panel.endpoints.length === 0 ? (
        <p className="text-[13px] text-ink-3">None.</p>
      ) : (
        <ul className="-my-2 divide-y divide-line">
          {panel.endpoints.map((endpoint) => (
            <EndpointRow key={endpoint.key} endpoint={endpoint} now={now} onShow={onShow} />
          ))}
        </ul>
      )}
      {panel.drift.length === 0 ? null : (
        <div className="mt-3 rounded-lg bg-partial-soft p-2.5 text-[12px] text-partial">
          <b className="font-semibold">EndpointSlices and pods disagree.</b>
          <ul className="mt-1 list-disc pl-4">
            {panel.drift.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

function EndpointRow({
  endpoint,
  now,
  onShow,
}: {
  readonly endpoint: EndpointView;
  readonly now: string;
  readonly onShow: (id: string) => void;
}) {
  const { pod } = endpoint;
  const name = endpoint.podName ?? endpoint.addresses[0] ?? endpoint.key;
  return (
    <li className="py-2.5" data-endpoint={endpoint.key}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-baseline gap-x-2">
            {pod === undefined ? (
              <span className="text-[13px] font-medium">{name}</span>
            ) : (
              <button
                type="button"
                onClick={() => onShow(pod)}
                className="max-w-full truncate text-left text-[13px] font-medium text-ink hover:underline"
              >
                {name}
              </button>
            )}
            {endpoint.count > 1 ? <span className="text-[12px] text-ink-3">× {endpoint.count}</span> : null}
          </div>
          <p className="text-[12px] text-ink-3">
            {endpoint.podName === undefined ? null : (
              <span className="font-mono">{endpoint.addresses.join(", ") || "no address"}</span>
            )}
            {[endpoint.node, endpoint.zone].filter((x) => x !== undefined).map((x) => ` · ${x}`)}
            {endpoint.since === undefined ? null : (
              <>
                {" · "}
                <Ago time={endpoint.since} now={now} />
              </>
            )}
          </p>
        </div>
        <States endpoint={endpoint} />
      </div>
      {endpoint.reasons.map((reason) => (
        <p key={reason.text} className="mt-1 text-[12px] text-partial">
          {reason.text}
        </p>
      ))}
      {endpoint.drift === undefined ? null : (
        <p className="mt-1 text-[12px] text-partial">{endpoint.drift}</p>
      )}
      {endpoint.events.map((event) => (
        <p
          key={`${event.reason} ${event.message}`}
          className="mt-1 break-words border-l-2 border-line pl-2 text-[11px] text-ink-3"
        >
          {event.reason}
          {event.count > 1 ? ` ×${event.count}` : ""}
          {event.lastSeen === undefined ? null : (
            <>
              {" · "}
              <Ago time={event.lastSeen} now={now} />
            </>
          )}
          : {event.message}
        </p>
      ))}
    </li>
  );
}

/** Ready, serving, terminating as three words, struck out where they do not hold, so that they read without colour. */
function States({ endpoint }: { readonly endpoint: EndpointView }) {
  const states = [
    { word: "ready", on: endpoint.ready, tone: "bg-ok-soft text-ok" },
    { word: "serving", on: endpoint.serving, tone: "bg-ok-soft text-ok" },
    { word: "terminating", on: endpoint.terminating, tone: "bg-partial-soft text-partial" },
  ];
  return (
    <ul className="flex shrink-0 flex-wrap justify-end gap-1" aria-label="State">
      {states
        .filter(({ word, on }) => on || word !== "terminating")
        .map(({ word, on, tone }) => (
          <li
            key={word}
            className={`rounded-md px-1.5 py-px text-[11px] font-medium ${on ? tone : "bg-unknown-soft text-ink-3"}`}
          >
            {on ? word : `not ${word}`}
          </li>
        ))}
    </ul>
  );
}
