"use client";

import { ChevronLeft, ChevronRight, Pause, Play } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { Button } from "#components/ui/button.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { type IncidentAction, type IncidentView, incidentSchema } from "#lib/protocol/incident.ts";

const address = "/api/v1/demo";

/** The demo's incident: what happens now, in words, and the buttons that play it. `answers`: how often the demo has changed. */
export function IncidentStrip({ answers }: { readonly answers: number }) {
  const { data, mutate } = useSWR([address, answers], () => fetchJson(address, incidentSchema), {
    keepPreviousData: true,
    revalidateOnFocus: false,
  });
  const [failed, setFailed] = useState(false);
  if (data === undefined) return null;
  const { step, playing, steps } = data;
  const now = steps[step - 1];

  async function act(action: IncidentAction) {
    setFailed(false);
    try {
      const next = await fetchJson(address, incidentSchema, { method: "POST", body: JSON.stringify(action) });
      await mutate(next, { revalidate: false });
    } catch {
      setFailed(true);
    }
  }

  return (
    <section
      aria-label="The demo's incident"
      className="z-20 flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-surface px-4 py-2 text-[12.5px]"
    >
      <div className="flex items-center gap-1">
        <Button
          size="small"
          look={step === 0 && !playing ? "primary" : "plain"}
          onClick={() => void act({ do: playing ? "pause" : "play" })}
        >
          {playing ? <Pause aria-hidden className="size-3.5" /> : <Play aria-hidden className="size-3.5" />}
          {playing ? "Pause" : step === 0 ? "Play an incident" : "Play on"}
        </Button>
        {step === 0 && !playing ? null : (
          <Steps data={data} onShow={(to) => void act({ do: "show", step: to })} />
        )}
      </div>
      <p role="status" className="min-w-0 flex-1 text-ink-2 max-md:basis-full">
        {failed ? (
          "The server does not answer."
        ) : now === undefined ? (
          "This is a demo: watch a rollout that fails its probes and a policy that cuts DNS, live."
        ) : (
          <>
            <b className="font-semibold text-ink">{now.title}.</b>{" "}
            <span className="max-md:hidden">{now.says}</span>{" "}
            <a href={inDemo(now.look)} className="whitespace-nowrap font-medium text-accent hover:underline">
              Show me
            </a>
          </>
        )}
      </p>
    </section>
  );
}

function Steps({
  data: { step, steps },
  onShow,
}: {
  readonly data: IncidentView;
  readonly onShow: (step: number) => void;
}) {
  return (
    <>
      <Button
        size="icon"
        look="ghost"
        aria-label="Step back"
        disabled={step === 0}
        onClick={() => onShow(step - 1)}
      >
        <ChevronLeft aria-hidden className="size-4" />
      </Button>
      <span className="tabular-nums text-ink-3">
        {step} of {steps.length}
      </span>
      <Button
        size="icon"
        look="ghost"
        aria-label="Step on"
        disabled={step === steps.length}
        onClick={() => onShow(step + 1)}
      >
        <ChevronRight aria-hidden className="size-4" />
      </Button>
    </>
  );
}

function inDemo(look: string): string {
  return `${look}${look.includes("?") ? "&" : "?"}cluster=demo`;
}
