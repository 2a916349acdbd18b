/**
 * The chart gives what kustomize gives. Rendered by helm where there is one; else by the libraries that helm is made of
 * (render/main.go, with Debian's packages of Go and sprig); skipped where neither is here.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grantsIn, hasKubectl, kustomized, type Manifest, manifestsIn } from "../manifests.ts";

const chart = "deploy/helm/throughline";
const hasHelm = spawnSync("helm", ["version"]).status === 0;
const goPath = "/usr/share/gocode";
const hasLibraries =
  existsSync(`${goPath}/src/github.com/Masterminds/sprig`) &&
  existsSync(`${goPath}/src/github.com/ghodss/yaml`) &&
  spawnSync("go", ["version"]).status === 0;
const canRender = hasHelm || hasLibraries;
if (!canRender) console.error("part of chart.test.ts is skipped: there is neither helm nor Go with sprig");

type Values = Readonly<Record<string, unknown>>;

const url = "https://throughline.example.com";
const dex = { issuer: "https://dex.example.com", clientId: "throughline" };
const token: Values = { auth: { mode: "token" } };
const oidc: Values = { auth: { mode: "oidc", url, oidc: dex }, ingress: { enabled: true } };
const proxy: Values = { auth: { mode: "proxy", url, proxy: { sidecar: dex } }, ingress: { enabled: true } };
const everything: Values = {
  image: {
    repository: "registry.example.com/throughline",
    digest: `sha256:${"a".repeat(64)}`,
    pullSecrets: [{ name: "pull" }],
  },
  replicas: 3,
  auth: {
    mode: "oidc",
    url,
    hosts: ["throughline.example.com", "map.example.com"],
    secretName: "own",
    sessionHours: 4,
    oidc: {
      ...dex,
      publicClient: true,
      scopes: "openid email",
      userClaim: "sub",
      groupsClaim: "roles",
      userPrefix: "oidc:",
      groupsPrefix: "oidc:",
    },
  },
  tlsSecrets: true,
  metrics: { serviceMonitor: true, labels: { release: "prometheus" } },
  ingress: {
    enabled: true,
    className: "nginx",
    annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
  },
  httpRoute: { enabled: true, parentRefs: [{ name: "public", namespace: "gateways" }] },
  env: { THROUGHLINE_LOG_LEVEL: "debug" },
  serviceAccount: { annotations: { team: "platform" } },
  podAnnotations: { team: "platform" },
  nodeSelector: { "kubernetes.io/os": "linux" },
  tolerations: [{ key: "dedicated", operator: "Exists" }],
  affinity: { podAntiAffinity: {} },
};

describe("the values' schema", () => {
  const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(
    JSON.parse(readFileSync(`${chart}/values.schema.json`, "utf8")),
  );
  const defaults = load(readFileSync(`${chart}/values.yaml`, "utf8"));
  const problems = (values: Values) => {
    validate(merged(defaults, values));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  it.each([{}, token, oidc, proxy, everything, { namespaces: ["shop"] }])("takes %j", (values) => {
    expect(problems(values)).toEqual([]);
  });

  it.each<[Values, RegExp]>([
    [{ auth: { mode: "none" } }, /auth\/mode/],
    [{ auth: { mode: "oidc" } }, /auth\/url/],
    [{ auth: { mode: "oidc", url, oidc: { issuer: "https://dex.example.com" } } }, /clientId/],
    [{ auth: { mode: "proxy", url } }, /sidecar\/issuer/],
    [{ auth: { mode: "proxy", url, proxy: { sidecar: { enabled: false } } } }, /proxy\/from/],
    [{ auth: { mode: "proxy", url, proxy: { from: ["10.0.0.0/8"], sidecar: dex } } }, /proxy\/from/],
    [{ httpRoute: { enabled: true } }, /parentRefs/],
    // Prometheus does not reach what listens inside its pod only.
    [{ metrics: { serviceMonitor: true } }, /auth\/mode/],
    [{ ...proxy, metrics: { serviceMonitor: true } }, /sidecar\/enabled/],
    [{ namespaces: ["Shop"] }, /namespaces\/0/],
    [{ drainSeconds: 60 }, /drainSeconds/],
    [{ replicaCount: 2 }, /additional properties/],
  ])("refuses %j", (values, says) => {
    expect(problems(values).join("\n")).toMatch(says);
  });
});

describe.skipIf(!canRender)("the chart, rendered (needs helm, or Go with sprig)", () => {
  let folder: string;
  let renderer: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "chart-"));
    renderer = path.join(folder, "render");
    if (hasHelm) return;
    const env = {
      ...process.env,
      GO111MODULE: "off",
      GOPATH: goPath,
      GOFLAGS: "",
      GOCACHE: path.join(folder, "cache"),
    };
    const { status, stderr } = spawnSync("go", ["build", "-o", renderer, "deploy/helm/render/main.go"], {
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function rendered(values: Values): readonly Manifest[] {
    const file = path.join(folder, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const [command, args] = hasHelm
      ? ["helm", ["template", "throughline", chart, "-n", "throughline", "-f", file]]
      : [renderer, [chart, "throughline", "throughline", file]];
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return manifestsIn(stdout);
  }

  it.skipIf(!hasKubectl).each<[string, Values]>([
    ["base", {}],
    ["overlays/token", token],
    ["overlays/oidc", oidc],
    ["overlays/proxy", proxy],
    ["overlays/namespaced", { ...token, namespaces: ["shop", "payments"] }],
  ])("gives the objects of %s", (overlay, values) => {
    const wanted = kustomized(`deploy/kustomize/${overlay}`).filter(({ kind }) => kind !== "Namespace");
    const given = rendered(values);
    expect(given.map(nameOf).sort()).toEqual(wanted.map(nameOf).sort());
    for (const object of wanted) {
      const same = given.find((each) => nameOf(each) === nameOf(object));
      expect(comparable(same), nameOf(object)).toEqual(comparable(object));
    }
  });

  it.skipIf(!hasKubectl)("gives those of the components as well", () => {
    const given = rendered({ ...everything, auth: { mode: "token" } }).map(nameOf);
    const files = [
      "tls-secrets/cluster-role",
      "monitoring/service-monitor",
      "ingress/ingress",
      "http-route/http-route",
    ];
    for (const file of files)
      for (const object of manifestsIn(readFileSync(`deploy/kustomize/components/${file}.yaml`, "utf8")))
        expect(given).toContain(nameOf(object));
  });

  it("puts every value where it belongs", () => {
    const objects = rendered(everything);
    const text = JSON.stringify(objects);
    for (const part of [
      `"image":"registry.example.com/throughline@sha256:${"a".repeat(64)}"`,
      '"replicas":3',
      '"imagePullSecrets":[{"name":"pull"}]',
      '{"name":"THROUGHLINE_HOSTS","value":"throughline.example.com,map.example.com"}',
      '{"name":"THROUGHLINE_SESSION_HOURS","value":"4"}',
      '{"name":"THROUGHLINE_OIDC_SCOPES","value":"openid email"}',
      '{"name":"THROUGHLINE_OIDC_USER_CLAIM","value":"sub"}',
      '{"name":"THROUGHLINE_OIDC_GROUPS_CLAIM","value":"roles"}',
      '{"name":"THROUGHLINE_OIDC_USER_PREFIX","value":"oidc:"}',
      '{"name":"THROUGHLINE_OIDC_GROUPS_PREFIX","value":"oidc:"}',
      '{"name":"THROUGHLINE_METRICS_TOKEN_FILE","value":"/etc/throughline/metrics-token"}',
      '{"name":"THROUGHLINE_TLS_SECRETS","value":"1"}',
      '{"name":"THROUGHLINE_LOG_LEVEL","value":"debug"}',
      '"secretName":"own"',
      '"ingressClassName":"nginx"',
      '"release":"prometheus"',
      '"nodeSelector":{"kubernetes.io/os":"linux"}',
      '"tolerations":[{"key":"dedicated","operator":"Exists"}]',
      '"affinity":{"podAntiAffinity":{}}',
      '"parentRefs":[{"name":"public","namespace":"gateways"}]',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("THROUGHLINE_OIDC_CLIENT_SECRET_FILE");
  });

  it("lets a proxy of one's own in, from where it is, in place of the sidecar", () => {
    const own = { from: ["10.1.0.0/16"], sidecar: { enabled: false } };
    const text = JSON.stringify(rendered({ auth: { mode: "proxy", url, proxy: own } }));
    expect(text).toContain('{"name":"THROUGHLINE_PROXY_FROM","value":"10.1.0.0/16"}');
    expect(text).toContain('{"name":"HOSTNAME","value":"0.0.0.0"}');
    expect(text).not.toContain("oauth2-proxy");
  });
});

const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

/** Without what helm adds to everything, and what is a matter of order. */
function comparable(object: Manifest | undefined): unknown {
  if (object === undefined) return undefined;
  const { metadata, rules, ...rest } = object;
  const labels = metadata.labels;
  const own = Object.entries(typeof labels === "object" && labels !== null ? labels : {}).filter(
    ([name]) => name === "app.kubernetes.io/name" || name === "app.kubernetes.io/instance",
  );
  const grants = rules === undefined ? undefined : [...grantsIn([object])].sort();
  const text = JSON.stringify(rest, (key, value) =>
    // The kubelet's own choice for an image with a tag; kustomize leaves it to that.
    key === "imagePullPolicy" ? undefined : key === "env" && Array.isArray(value) ? byName(value) : value,
  );
  return { ...JSON.parse(text), metadata: { ...metadata, labels: Object.fromEntries(own) }, grants };
}

function byName(list: readonly { readonly name: string }[]): readonly unknown[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function merged(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  return {
    ...under,
    ...Object.fromEntries(
      Object.entries(over).map(([key, value]) => [key, key in under ? merged(under[key], value) : value]),
    ),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
