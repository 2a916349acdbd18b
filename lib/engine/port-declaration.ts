import type { Container, Pod, Protocol } from "#lib/model/objects.ts";
import { isReady } from "./pod-readiness.ts";
import { declaredPorts, findPort } from "./target-port.ts";

/**
 * What a pod says of a port number that traffic is sent to. `containerPort` only informs: a program may listen on what
 * no container declares, so that silence says nothing, and only a declaration of something else makes one wonder.
 */
export type Declaration =
  | { readonly kind: "declared" }
  /** Declared, but for these protocols and not the one asked for. */
  | { readonly kind: "other-protocol"; readonly protocols: readonly Protocol[]; readonly container: string }
  /** Every container declares ports, and none of them this number. */
  | { readonly kind: "other-numbers" }
  /** A container declares nothing and may listen on anything, or a probe on the number succeeds. */
  | { readonly kind: "untold" };

export function declarationOf(pod: Pod, number: number, protocol: Protocol): Declaration {
  const isAsked = (port: { readonly containerPort: number }) => port.containerPort === number;
  if (findPort(pod, (port) => isAsked(port) && port.protocol === protocol) !== undefined)
    return { kind: "declared" };
  const serving = pod.containers.filter(({ role }) => role !== "init");
  if (protocol === "TCP" && isReady(pod) && serving.some((container) => isProbed(container, number)))
    return { kind: "untold" };
  const others = declaredPorts(pod).filter(({ port }) => isAsked(port));
  const [first] = others;
  if (first !== undefined) {
    const protocols = [...new Set(others.map(({ port }) => port.protocol))].sort();
    return { kind: "other-protocol", protocols, container: first.container.name };
  }
  return { kind: serving.some(({ ports }) => ports.length === 0) ? "untold" : "other-numbers" };
}

/** Probes of every type but exec connect by TCP. */
function isProbed({ readinessProbe }: Container, number: number): boolean {
  return readinessProbe?.port === number;
}
