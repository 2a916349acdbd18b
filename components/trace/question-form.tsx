"use client";

import { ArrowDownUp } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { protocols, type TraceLink } from "#lib/protocol/trace-link.ts";
import { EndField } from "./end-field.tsx";

type Question = Pick<TraceLink, "from" | "to" | "port" | "protocol">;

interface Props {
  readonly cluster: string;
  readonly question: Question;
  /** The part that cannot be asked about. */
  readonly invalid: string | undefined;
  /** What was asked where no port is given. */
  readonly chosenPort: number | undefined;
  readonly onAsk: (change: Partial<Question>) => void;
}

/** Who sends, to whom, on which port. Every change asks at once. */
export function QuestionForm({ cluster, question, invalid, chosenPort, onAsk }: Props) {
  const { from, to, port, protocol } = question;
  return (
    <form aria-label="The question" className="space-y-2" onSubmit={(e) => e.preventDefault()}>
      <div className="flex items-center gap-2">
        <EndField
          cluster={cluster}
          side="from"
          value={from}
          other={to}
          invalid={invalid === "from"}
          onChange={(next) => onAsk({ from: next })}
        />
        <Button
          look="ghost"
          size="icon"
          aria-label="Swap the ends"
          title="Swap the ends"
          onClick={() => onAsk({ from: to, to: from })}
        >
          <ArrowDownUp aria-hidden className="size-4" />
        </Button>
      </div>
      <div className="flex items-center gap-2">
        <EndField
          cluster={cluster}
          side="to"
          value={to}
          other={from}
          invalid={invalid === "to"}
          onChange={(next) => onAsk({ to: next })}
        />
        <div
          className={`flex h-9 items-center rounded-lg border bg-surface text-[13px] ${invalid === "port" || invalid === "protocol" ? "border-broken-line" : "border-line"}`}
        >
          <PortField
            port={port}
            chosen={chosenPort}
            invalid={invalid === "port"}
            onChange={(next) => onAsk({ port: next })}
          />
          <select
            aria-label="protocol"
            value={protocol}
            onChange={({ target }) => {
              const next = protocols.find((known) => known === target.value);
              if (next !== undefined) onAsk({ protocol: next });
            }}
            className="h-full rounded-r-lg bg-transparent pr-1.5 text-ink-2 outline-offset-1"
          >
            {protocols.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
        </div>
      </div>
    </form>
  );
}

function PortField({
  port,
  chosen,
  invalid,
  onChange,
}: {
  readonly port: string;
  readonly chosen: number | undefined;
  readonly invalid: boolean;
  readonly onChange: (port: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    if (typed !== undefined && typed.trim() !== port) onChange(typed.trim());
    setTyped(undefined);
  };
  return (
    <input
      aria-label="port"
      aria-invalid={invalid}
      value={typed ?? port}
      placeholder={chosen === undefined ? "any port" : String(chosen)}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === "Enter") commit();
      }}
      className="h-full w-[5.75rem] rounded-l-lg bg-transparent px-2.5 font-mono text-[12px] text-ink outline-offset-1 placeholder:text-ink-3"
    />
  );
}
