/**
 * For tests only: objects that nearly every test cluster has, as the YAML that a user could apply (status included), so
 * that a test shows only what it is about.
 */

interface PodParts {
  /** "app=web,tier=front"; left out: `app` with the name up to its last dash. */
  readonly labels?: string;
  readonly ips?: readonly string[];
  readonly node?: string;
  /** "http:8080 8081 dns:53/UDP", for one container called app. */
  readonly ports?: string;
  readonly ready?: boolean;
  readonly phase?: string;
  /** Why its container waits: `CrashLoopBackOff`. */
  readonly waiting?: string;
  /** "Deployment/web". */
  readonly owner?: string;
  /** More of the spec, and of the metadata, in YAML's flow style: `hostNetwork: true`. */
  readonly spec?: string;
  readonly meta?: string;
}

/** A pod that runs and is ready, unless something else is said. `name`: "shop/web-0". */
export function pod(name: string, parts: PodParts = {}): string {
  const [namespace = "", own = ""] = name.split("/");
  const labels = parts.labels ?? `app=${own.replace(/-[^-]*$/, "")}`;
  const { ips = [], node, ports = "", ready = true, phase = "Running", waiting, owner, spec, meta } = parts;
  const [ownerKind, ownerName] = owner?.split("/") ?? [];
  const state = waiting === undefined ? "running: {}" : `waiting: { reason: ${waiting} }`;
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${own}
  namespace: ${namespace}
  labels: ${labelsYaml(labels)}${
    owner === undefined
      ? ""
      : `
  ownerReferences: [{ apiVersion: apps/v1, kind: ${ownerKind}, name: ${ownerName}, controller: true }]`
  }${meta === undefined ? "" : `\n  ${meta}`}
spec:
  ${node === undefined ? "" : `nodeName: ${node}\n  `}containers: [{ name: app, image: app, ports: [${portsYaml(ports)}] }]${spec === undefined ? "" : `\n  ${spec}`}
status:
  phase: ${phase}
  podIPs: [${ips.map((ip) => `{ ip: "${ip}" }`).join(", ")}]
  conditions: [{ type: Ready, status: "${ready ? "True" : "False"}", lastTransitionTime: "2025-12-31T00:00:00Z" }]
  containerStatuses: [{ name: app, ready: ${ready}, restartCount: 0, image: app, state: { ${state} } }]
---`;
}

/** `ports`: "http:80:8080 dns:53/UDP 5432": a name, the port, the target port, the protocol. */
export function service(
  name: string,
  parts: { selector?: string; ports?: string; ip?: string; spec?: string } = {},
): string {
  const [namespace = "", own = ""] = name.split("/");
  const { selector = `app=${own}`, ports = "80", ip, spec } = parts;
  return `
apiVersion: v1
kind: Service
metadata: { name: ${own}, namespace: ${namespace} }
spec:${selector === "" ? "" : `\n  selector: ${labelsYaml(selector)}`}${ip === undefined ? "" : `\n  clusterIP: ${JSON.stringify(ip)}`}
  ports: [${ports
    .split(" ")
    .filter((each) => each !== "")
    .map(servicePortYaml)
    .join(", ")}]${spec === undefined ? "" : `\n  ${spec.trim().replaceAll("\n", "\n  ")}`}
---`;
}

/** A policy of its own; `rules` are the spec in YAML, indented or not. */
export function policy(name: string, spec: string): string {
  const [namespace = "", own = ""] = name.split("/");
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${own}, namespace: ${namespace} }
spec:
${indented(spec)}
---`;
}

/** Keeps relative indentation and puts it two deep. */
function indented(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const least = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => `  ${line.slice(least)}`).join("\n");
}

export function namespace(name: string, labels = ""): string {
  const all = [`kubernetes.io/metadata.name=${name}`, labels].filter((each) => each !== "").join(",");
  return `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: ${labelsYaml(all)} }
---`;
}

export function node(name: string, addresses: readonly string[], zone?: string): string {
  return `
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: ${labelsYaml([`kubernetes.io/hostname=${name}`, ...(zone === undefined ? [] : [`topology.kubernetes.io/zone=${zone}`])].join(","))} }
status:
  addresses: [${addresses.map((address) => `{ type: ${isPublic(address) ? "ExternalIP" : "InternalIP"}, address: "${address}" }`).join(", ")}]
---`;
}

function isPublic(address: string): boolean {
  return !/^(10|192\.168|172\.16)\.|^fd/.test(address);
}

export function labelsYaml(labels: string): string {
  const pairs = labels.split(",").filter((pair) => pair !== "");
  return `{ ${pairs
    .map((pair) => {
      const [key, value = ""] = pair.split("=");
      return `${key}: "${value}"`;
    })
    .join(", ")} }`;
}

function portsYaml(ports: string): string {
  return ports
    .split(" ")
    .filter((each) => each !== "")
    .map((each) => {
      const [rest = "", protocol] = each.split("/");
      const parts = rest.split(":");
      const number = parts.at(-1);
      const name = parts.length > 1 ? `name: ${parts[0]}, ` : "";
      return `{ ${name}containerPort: ${number}${protocol === undefined ? "" : `, protocol: ${protocol}`} }`;
    })
    .join(", ");
}

function servicePortYaml(text: string): string {
  const [rest = "", protocol] = text.split("/");
  const parts = rest.split(":");
  const name = /^\d+$/.test(parts[0] ?? "") ? undefined : parts.shift();
  const [port, target, nodePort] = parts;
  return `{ ${[
    name === undefined ? "" : `name: ${name}`,
    `port: ${port}`,
    target === undefined || target === "" ? "" : `targetPort: ${target}`,
    nodePort === undefined ? "" : `nodePort: ${nodePort}`,
    protocol === undefined ? "" : `protocol: ${protocol}`,
  ]
    .filter((part) => part !== "")
    .join(", ")} }`;
}

/**
 * Two nodes in two zones, DNS by two pods, an enforcing network plugin on every node. Namespaces: kube-system, shop,
 * payments (team=pay).
 */
export const base = [
  node("node-1", ["192.168.0.1"], "zone-a"),
  node("node-2", ["192.168.0.2"], "zone-b"),
  // As an API server gives it: so a dump of all this may lack what it does not hold.
  namespace("kube-system").replace("name: kube-system", 'name: kube-system, uid: "1"'),
  namespace("shop"),
  namespace("payments", "team=pay"),
  service("kube-system/kube-dns", {
    selector: "k8s-app=kube-dns",
    ip: "10.96.0.10",
    ports: "dns:53/UDP dns-tcp:53/TCP",
  }).replace("namespace: kube-system }", 'namespace: kube-system, labels: { k8s-app: "kube-dns" } }'),
  ...[1, 2].map((n) =>
    pod(`kube-system/coredns-${n}`, {
      labels: "k8s-app=kube-dns",
      ips: [`10.244.${n}.2`],
      node: `node-${n}`,
      ports: "dns:53/UDP dns-tcp:53/TCP",
    }),
  ),
  `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: calico-node, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: calico-node } }
  template:
    metadata: { labels: { k8s-app: calico-node } }
    spec: { hostNetwork: true, containers: [{ name: calico-node, image: "docker.io/calico/node:v3.30.0" }] }
---`,
  ...[1, 2].map((n) =>
    pod(`kube-system/calico-node-${n}`, {
      labels: "k8s-app=calico-node",
      ips: [`192.168.0.${n}`],
      node: `node-${n}`,
      owner: "DaemonSet/calico-node",
      spec: "hostNetwork: true",
    }),
  ),
].join("");
