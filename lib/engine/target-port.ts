import type { Container, ContainerPort, Pod, ServicePort } from "#lib/model/objects.ts";

/** Where a Service port lands on one pod. */
export interface PodPort {
  /** Undefined: a name that the pod does not declare for that protocol. */
  readonly number: number | undefined;
  readonly container?: string | undefined;
  readonly portName?: string | undefined;
  readonly declared: boolean;
}

/**
 * Resolves a Service port on one pod. A number is taken as it is; a name is looked up together with the protocol, in
 * main containers first, then in sidecars, as the EndpointSlice controller does (k8s.io/kubernetes, FindPort).
 */
export function targetPortOn(pod: Pod, port: ServicePort): PodPort {
  const { targetPort, protocol } = port;
  const found = findPort(
    pod,
    (declared) =>
      declared.protocol === protocol &&
      (typeof targetPort === "number" ? declared.containerPort === targetPort : declared.name === targetPort),
  );
  if (found === undefined)
    return { number: typeof targetPort === "number" ? targetPort : undefined, declared: false };
  return {
    number: found.port.containerPort,
    container: found.container.name,
    portName: found.port.name,
    declared: true,
  };
}

interface FoundPort {
  readonly container: Container;
  readonly port: ContainerPort;
}

/** The first port declared by a main container, else by a sidecar, that `wanted` accepts. */
export function findPort(pod: Pod, wanted: (port: ContainerPort) => boolean): FoundPort | undefined {
  return findPortIn(pod, "main", wanted) ?? findPortIn(pod, "sidecar", wanted);
}

function findPortIn(
  pod: Pod,
  role: Container["role"],
  wanted: (port: ContainerPort) => boolean,
): FoundPort | undefined {
  for (const container of pod.containers) {
    if (container.role !== role) continue;
    const port = container.ports.find(wanted);
    if (port !== undefined) return { container, port };
  }
  return undefined;
}

/** Every port that main containers and sidecars declare; other init containers are gone when traffic comes. */
export function declaredPorts(pod: Pod): readonly FoundPort[] {
  return pod.containers
    .filter((container) => container.role !== "init")
    .flatMap((container) => container.ports.map((port) => ({ container, port })));
}
