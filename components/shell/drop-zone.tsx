"use client";

import { FileArchive, LoaderCircle, X } from "lucide-react";
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { fetchJson, ProblemError } from "#lib/client/fetch-json.ts";
import { clustersKey } from "#lib/client/keys.ts";
import { addedClusterSchema } from "#lib/protocol/answers.ts";
import type { Problem } from "#lib/protocol/problem.ts";

export interface DropHandle {
  readonly choose: () => void;
}

interface Props {
  readonly ref: Ref<DropHandle>;
  readonly children: ReactNode;
  /** The id of the cluster that the dropped file became. */
  readonly onAdded: (id: string) => void;
}

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "over" }
  | { readonly kind: "sending"; readonly name: string }
  /** The server is busy; it is sent again by itself. */
  | { readonly kind: "waiting"; readonly name: string; readonly problem: Problem }
  | { readonly kind: "refused"; readonly name: string; readonly problem: Problem };

/** A busy server is asked so often, before whoever dropped the file has to say so again. */
const mostAgain = 20;

/** The whole page takes a dropped dump, bundle or manifest; it goes to this page's own server and nowhere else. */
export function DropZone({ ref, children, onAdded }: Props) {
  const [state, setState] = useState<State>({ kind: "idle" });
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ choose: () => input.current?.click() }));

  useEffect(() => {
    // Leaving one child for another also fires dragleave; only leaving the window counts.
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setState((now) => (now.kind === "sending" || now.kind === "waiting" ? now : { kind: "over" }));
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setState((now) => (now.kind === "over" ? { kind: "idle" } : now));
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      void send(file);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  });

  async function send(file: File, again = 0) {
    setState({ kind: "sending", name: file.name });
    try {
      const added = await fetchJson(
        `${clustersKey}?name=${encodeURIComponent(file.name)}`,
        addedClusterSchema,
        {
          method: "POST",
          headers: { "content-type": "application/octet-stream" },
          body: file,
        },
      );
      setState({ kind: "idle" });
      onAdded(added.id);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { problem, againAfterMs } = error;
      if (againAfterMs === undefined || again >= mostAgain) {
        setState({ kind: "refused", name: file.name, problem });
        return;
      }
      setState({ kind: "waiting", name: file.name, problem });
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
      await send(file, again + 1);
    }
  }

  return (
    <>
      {children}
      <input
        ref={input}
        type="file"
        hidden
        data-open-file
        accept=".yaml,.yml,.json,.tar,.gz,.tgz,.zip"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) void send(file);
        }}
      />
      {state.kind === "over" ? (
        <div className="pointer-events-none fixed inset-3 z-50 flex flex-col items-center justify-center gap-3 rounded-3xl border-2 border-dashed border-accent bg-surface/90 text-center">
          <FileArchive aria-hidden className="size-10 text-accent" strokeWidth={1.5} />
          <p className="text-[17px] font-semibold">Drop it to see it</p>
          <p className="max-w-md text-[13px] text-ink-2">
            Manifests, a kubectl dump, a support bundle or a must-gather: YAML, JSON or a tar archive. It
            stays on this machine’s server.
          </p>
        </div>
      ) : null}
      {state.kind === "sending" || state.kind === "waiting" ? (
        <div
          role="status"
          className="fixed bottom-5 left-1/2 z-50 flex -translate-x-1/2 items-center gap-3 rounded-xl border border-line bg-raised px-4 py-3 text-[13px] shadow-raised"
        >
          <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
          {state.kind === "sending"
            ? `Reading ${state.name}`
            : `${state.problem.title}; ${state.name} is sent again by itself`}
        </div>
      ) : null}
      {state.kind === "refused" ? (
        <div
          role="alert"
          className="fixed bottom-5 left-1/2 z-50 w-[30rem] max-w-[94vw] -translate-x-1/2 rounded-xl border border-broken-line bg-raised p-4 text-[13px] shadow-raised"
        >
          <div className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <p className="font-semibold text-broken">{state.problem.title}</p>
              <p className="mt-1 break-words text-ink-2">{state.problem.detail}</p>
              {state.problem.remedy === undefined ? null : (
                <p className="mt-1 text-ink-2">{state.problem.remedy}</p>
              )}
            </div>
            <Button look="ghost" size="icon" aria-label="Dismiss" onClick={() => setState({ kind: "idle" })}>
              <X aria-hidden className="size-4" />
            </Button>
          </div>
        </div>
      ) : null}
    </>
  );
}
