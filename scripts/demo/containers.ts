import type { DeclaredPort, Protocol } from "./cluster.ts";
import type { Fields } from "./objects.ts";

type Probe = { http: string; port: string } | { tcp: string } | { grpc: number } | { command: string[] };

export type Container = {
  name: string;
  /** Below registry.example.com/. */
  image: string;
  ports?: Record<string, number | `${number}/UDP`>;
  readiness?: Probe;
  env?: Record<string, string>;
  args?: string[];
  memory?: string;
  /** Init containers only: keeps running beside the others. */
  sidecar?: boolean;
};

export function imageOf(container: Container): string {
  return `registry.example.com/${container.image}`;
}

export function declaredPorts(container: Container): DeclaredPort[] {
  return Object.entries(container.ports ?? {}).map(([name, value]) => {
    const [port, protocol] = String(value).split("/");
    return { name, port: Number(port), protocol: (protocol ?? "TCP") as Protocol };
  });
}

function probeSpec(probe: Probe): Fields {
  const timing = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 };
  if ("http" in probe) {
    return { httpGet: { path: probe.http, port: probe.port, scheme: "HTTP" }, ...timing };
  }
  if ("tcp" in probe) return { tcpSocket: { port: probe.tcp }, ...timing };
  if ("grpc" in probe) return { grpc: { port: probe.grpc, service: "" }, ...timing };
  return { exec: { command: probe.command }, ...timing };
}

export function containerSpec(container: Container, hostNetwork: boolean): Fields {
  const ports = declaredPorts(container);
  return {
    name: container.name,
    image: imageOf(container),
    imagePullPolicy: "IfNotPresent",
    args: container.args,
    env:
      container.env &&
      Object.entries(container.env).map(([name, value]) =>
        // "$status.hostIP" and the like stand for the downward API.
        value.startsWith("$")
          ? { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: value.slice(1) } } }
          : { name, value },
      ),
    ports:
      ports.length > 0
        ? ports.map(({ name, port, protocol }) => ({
            name,
            containerPort: port,
            hostPort: hostNetwork ? port : undefined,
            protocol,
          }))
        : undefined,
    readinessProbe: container.readiness && probeSpec(container.readiness),
    resources: container.memory
      ? { limits: { memory: container.memory }, requests: { cpu: "100m", memory: container.memory } }
      : {},
    restartPolicy: container.sidecar ? "Always" : undefined,
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  };
}
