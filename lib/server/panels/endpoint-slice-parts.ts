import type { Facts } from "#lib/engine/facts.ts";
import type { Health } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";
import type { EndpointSlice, SliceEndpoint } from "#lib/model/objects.ts";
import type { FactView } from "#lib/protocol/panel.ts";
import type { PanelParts } from "./panel-parts.ts";
import { related } from "./related.ts";

export function endpointSliceParts(facts: Facts, slice: EndpointSlice): PanelParts {
  const { endpoints } = slice;
  const ready = endpoints.filter((endpoint) => endpoint.ready).length;
  const service =
    slice.serviceName === undefined ? undefined : objectId("service", slice.namespace, slice.serviceName);
  return {
    health: healthOf(endpoints),
    sentence:
      endpoints.length === 0 ? "It lists no endpoint" : `${ready} of ${endpoints.length} endpoints ready`,
    facts: [
      ...(slice.from === "endpoints"
        ? [{ label: "read from", value: "the Endpoints object of this name: no EndpointSlice was" }]
        : []),
      { label: "managed by", value: slice.managedBy ?? "nobody named" },
      { label: "address type", value: slice.addressType },
      { label: "ports", value: portsInWords(slice), mono: true },
      ...endpoints.map(endpointFact),
    ],
    related: [
      ...(service !== undefined && facts.index.byId.has(service)
        ? [related(service, "its Service", { health: facts.services.get(service)?.health })]
        : []),
      ...endpoints.flatMap(({ pod, addresses }) =>
        pod === undefined || !facts.index.byId.has(pod)
          ? []
          : [related(pod, `behind ${addresses.join(", ")}`)],
      ),
    ],
  };
}

/** Endpoints on their way out are not ready by nature. */
function healthOf(endpoints: readonly SliceEndpoint[]): Health {
  const staying = endpoints.filter((endpoint) => endpoint.ready || !endpoint.terminating);
  if (staying.length === 0) return endpoints.some((endpoint) => endpoint.serving) ? "partial" : "idle";
  if (staying.every((endpoint) => endpoint.ready)) return "ok";
  return staying.some((endpoint) => endpoint.ready) ? "partial" : "broken";
}

function portsInWords({ ports }: EndpointSlice): string {
  const words = ports.map(
    ({ name, port, protocol }) => `${name === "" ? "" : `${name} `}${port ?? "all"}/${protocol}`,
  );
  return words.join(", ") || "none";
}

function endpointFact({ addresses, ready, serving, terminating }: SliceEndpoint): FactView {
  const label = addresses.join(", ");
  if (ready) return { label, value: "ready", tone: "ok" };
  if (!terminating) return { label, value: "not ready", tone: "partial" };
  return { label, value: serving ? "terminating, still serving" : "terminating", tone: "partial" };
}
