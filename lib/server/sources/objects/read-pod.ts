import { z } from "zod";
import type { Origin, Pod, PodPhase } from "#lib/model/objects.ts";
import { conditions, conditionsOf, list, text } from "./api-shapes.ts";
import { containerStatuses, containersOf, dnsConfigOf, podSpec } from "./container-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional, internTime } from "./string-pool.ts";

const shape = z.object({
  spec: podSpec,
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      podIP: text,
      podIPs: list(z.object({ ip: text })),
      hostIP: text,
      startTime: text,
      containerStatuses,
      initContainerStatuses: containerStatuses,
      conditions,
    })
    .nullish(),
});

export function readPod(raw: Raw, origin: Origin | undefined): Reading<Pod> {
  return readNamespaced("pod", raw, origin, shape, (meta, { spec, status }) => ({
    kind: "pod",
    ...meta,
    nodeName: internOptional(spec.nodeName),
    hostNetwork: spec.hostNetwork ?? false,
    phase: phaseOf(status?.phase),
    reason: internOptional(status?.reason),
    message: internOptional(status?.message),
    ips: ipsOf(status?.podIPs, status?.podIP),
    hostIP: internOptional(status?.hostIP),
    startedAt: internTime(status?.startTime),
    dnsPolicy: intern(spec.dnsPolicy || "ClusterFirst"),
    dnsConfig: dnsConfigOf(spec.dnsConfig),
    hostname: internOptional(spec.hostname),
    subdomain: internOptional(spec.subdomain),
    containers: containersOf(spec, status?.containerStatuses, status?.initContainerStatuses),
    conditions: conditionsOf(status?.conditions?.filter((c) => c.status !== "True" || !passed.has(c.type))),
  }));
}

/** Stages on the way to readiness, which say nothing once they are passed. Every pod has them. */
const passed: ReadonlySet<string> = new Set(["Initialized", "PodReadyToStartContainers"]);

/** The API server creates every pod as Pending. */
function phaseOf(phase: string | null | undefined): PodPhase {
  switch (phase) {
    case "Pending":
    case "Running":
    case "Succeeded":
    case "Failed":
      return phase;
    case undefined:
    case null:
    case "":
      return "Pending";
    default:
      return "Unknown";
  }
}

function ipsOf(
  podIPs: readonly { readonly ip?: string | null | undefined }[] | null | undefined,
  podIP: string | null | undefined,
): readonly string[] {
  const ips = (podIPs ?? []).map(({ ip }) => ip ?? "").filter((ip) => ip !== "");
  // A list that grew keeps room for more; a copy does not.
  return ips.length === 0 && podIP ? [podIP] : ips.slice();
}
