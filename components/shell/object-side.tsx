"use client";

import { Crosshair, Rows3 } from "lucide-react";
import { ObjectPanel } from "#components/object/object-panel.tsx";
import { ReachSection } from "#components/reach/reach-section.tsx";
import { ServicePanel } from "#components/service/service-panel.tsx";
import { TraceButtons } from "#components/trace/trace-buttons.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ProblemError } from "#lib/client/fetch-json.ts";
import { panelKey } from "#lib/client/keys.ts";
import { sourceText, targetText } from "#lib/model/end-text.ts";
import { type PanelAnswer, panelAnswerSchema } from "#lib/protocol/answers.ts";
import type { ClusterStatus } from "#lib/protocol/cluster.ts";
import type { LinkState } from "#lib/protocol/link.ts";
import { PanelProblem, PanelSkeleton } from "./panel-states.tsx";
import { isLive } from "./status-words.ts";
import { currentLink } from "./use-link.ts";
import { useLive } from "./use-live.ts";

interface Props {
  readonly cluster: ClusterStatus;
  readonly id: string;
  readonly link: LinkState;
  /** The server's answer for the first paint. */
  readonly first: PanelAnswer | undefined;
  readonly onShow: (id: string) => void;
  readonly onChange: (change: Partial<Pick<LinkState, "touch" | "open">>) => void;
  readonly onClose: () => void;
}

const workloadKinds = new Set(["deployment", "stateful-set", "daemon-set", "replica-set", "job", "cron-job"]);

/** The panel of whatever the link shows. */
export function ObjectSide({ cluster, id, link, first, onShow, onChange, onClose }: Props) {
  const { data, error } = useLive(panelKey(cluster.id, id), panelAnswerSchema, {
    first,
    live: isLive(cluster),
  });
  if (error instanceof ProblemError)
    return <PanelProblem problem={error.problem} onClose={onClose} onShow={onShow} />;
  if (data === undefined) return <PanelSkeleton onClose={onClose} />;

  const kind = id.split("/")[0] ?? "";
  const unfolded = link.open.includes(id);
  const actions = (
    <div className="flex flex-wrap gap-2">
      <CopyButton look="primary" label="Copy link" text={() => currentLink(link, cluster.id)} />
      <TraceButtons questions={data.panel.questions} cluster={link.cluster} />
      <Button
        onClick={() => onChange({ touch: link.touch === id ? null : id })}
        aria-pressed={link.touch === id}
      >
        <Crosshair aria-hidden className="size-3.5" />
        {link.touch === id ? "Show everything" : "Only what touches it"}
      </Button>
      {workloadKinds.has(kind) ? (
        <Button
          onClick={() =>
            onChange({ open: unfolded ? link.open.filter((x) => x !== id) : [...link.open, id] })
          }
          aria-pressed={unfolded}
        >
          <Rows3 aria-hidden className="size-3.5" />
          {unfolded ? "Fold pods" : "Unfold pods"}
        </Button>
      ) : null}
    </div>
  );
  const reachOf = (direction: "to" | "from", end: string) => (
    <ReachSection
      cluster={cluster.id}
      linkCluster={link.cluster}
      answers={cluster.answers}
      direction={direction}
      end={end}
      onShow={onShow}
    />
  );
  const [to, from] = [targetText(id), sourceText(id)];
  const isNode = kind === "node";
  const reach = (
    <>
      {to === undefined || isNode ? null : reachOf("to", to)}
      {from === undefined || isNode ? null : reachOf("from", from)}
    </>
  );
  const common = { now: data.checkedAt, actions, reach, onShow, onClose };
  return data.kind === "service" ? (
    <ServicePanel panel={data.panel} {...common} />
  ) : (
    <ObjectPanel panel={data.panel} {...common} />
  );
}
