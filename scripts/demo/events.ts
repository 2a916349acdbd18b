import { hex } from "./names.ts";
import type { Resource } from "./objects.ts";

export type EventDraft = {
  about: { apiVersion: string; kind: string; namespace: string; name: string; fieldPath?: string };
  type?: "Warning" | "Normal";
  reason: string;
  message: string;
  count?: number;
  first: string;
  last: string;
  from: string;
  host?: string;
};

export function event(draft: EventDraft): Resource {
  const { about } = draft;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: `${about.name}.${hex(`${about.kind}/${about.name}/${draft.reason}/${draft.message}`)}`,
      namespace: about.namespace,
      creationTimestamp: draft.first,
    },
    involvedObject: about,
    type: draft.type ?? "Warning",
    reason: draft.reason,
    message: draft.message,
    count: draft.count ?? 1,
    firstTimestamp: draft.first,
    lastTimestamp: draft.last,
    source: { component: draft.from, host: draft.host },
    reportingComponent: draft.from,
    reportingInstance: draft.host ?? "",
  };
}
