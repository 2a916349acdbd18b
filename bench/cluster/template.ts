import type { Fields, Labels } from "./api-object.ts";
import type { App } from "./plan.ts";

export function labelsOf(app: App): Labels {
  return {
    "app.kubernetes.io/component": app.name.split("-")[1] ?? "app",
    "app.kubernetes.io/name": app.name,
    "app.kubernetes.io/part-of": app.namespace,
  };
}

export function selectorOf(app: App): Labels {
  return { "app.kubernetes.io/name": app.name };
}

export function imageOf(app: App): string {
  return `registry.example.com/${app.namespace}/${app.name}:1.${app.port % 7}.${app.replicas}`;
}

export const tokenVolume = "kube-api-access";

/** What is written once in a workload and again in each of its pods. */
export function podSpec(app: App): Fields {
  return {
    containers: [mainContainer(app), ...(hasProxy(app) ? [proxyContainer] : [])],
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: { fsGroup: 2000, runAsNonRoot: true, runAsUser: 1000 },
    serviceAccount: app.name,
    serviceAccountName: app.name,
    terminationGracePeriodSeconds: 30,
    volumes: [
      { configMap: { defaultMode: 420, name: `${app.name}-config` }, name: "config" },
      { emptyDir: {}, name: "tmp" },
    ],
  };
}

export function hasProxy(app: App): boolean {
  return app.served && app.namespace !== "kube-system";
}

const probe = (path: string, port: string) => ({
  failureThreshold: 3,
  httpGet: { path, port, scheme: "HTTP" },
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
});

const mounts = [
  { mountPath: "/etc/app", name: "config", readOnly: true },
  { mountPath: "/tmp", name: "tmp" },
];

function mainContainer(app: App): Fields {
  return {
    env: [
      { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
      { name: "LOG_LEVEL", value: "info" },
      { name: "HTTP_PORT", value: String(app.port) },
      { name: "DATABASE_URL", value: `postgres://app@${app.namespace}-store.${app.namespace}.svc:5432/app` },
      {
        name: "DATABASE_PASSWORD",
        valueFrom: { secretKeyRef: { key: "password", name: `${app.name}-database` } },
      },
      { name: "OTEL_SERVICE_NAME", value: app.name },
    ],
    image: imageOf(app),
    imagePullPolicy: "IfNotPresent",
    livenessProbe: probe("/livez", "http"),
    name: "app",
    ports: [
      { containerPort: app.port, name: "http", protocol: "TCP" },
      { containerPort: 9090, name: "metrics", protocol: "TCP" },
    ],
    readinessProbe: probe("/readyz", "http"),
    resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    volumeMounts: mounts,
  };
}

const proxyContainer: Fields = {
  args: ["--config=/etc/app/proxy.yaml", "--log-level=warn"],
  image: "registry.example.com/platform/proxy:2.8.1",
  imagePullPolicy: "IfNotPresent",
  name: "proxy",
  ports: [{ containerPort: 15_090, name: "proxy-metrics", protocol: "TCP" }],
  readinessProbe: probe("/ready", "proxy-metrics"),
  resources: { limits: { memory: "128Mi" }, requests: { cpu: "10m", memory: "64Mi" } },
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  volumeMounts: mounts,
};
