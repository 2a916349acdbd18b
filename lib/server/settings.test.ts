import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";

describe("readSettings", () => {
  it("has a default for everything", () => {
    expect(readSettings({}, "/app")).toEqual({
      kind: "settings",
      settings: {
        offer: { kind: "contexts" },
        root: "/app",
        refreshAfterMs: 15_000,
        logLevel: "info",
        tlsSecrets: false,
        namespaces: [],
        dialect: {},
        env: {},
      },
    });
  });

  it.each([
    [{ THROUGHLINE_DEMO: "1" }, { offer: { kind: "demo" } }],
    [{ THROUGHLINE_DEMO: "True" }, { offer: { kind: "demo" } }],
    [{ THROUGHLINE_DEMO: "0", THROUGHLINE_FILES: "" }, { offer: { kind: "contexts" } }],
    [{ THROUGHLINE_FILES: "./dump" }, { offer: { kind: "files", path: "./dump" } }],
    [{ THROUGHLINE_CONFIG: "/etc/throughline.yaml" }, { config: "/etc/throughline.yaml" }],
    [{ THROUGHLINE_CONTEXT: "prod" }, { offer: { kind: "context", name: "prod" } }],
    [
      { THROUGHLINE_ROOT: "/opt/app", THROUGHLINE_REFRESH_SECONDS: "60", THROUGHLINE_LOG_LEVEL: "warn" },
      { root: "/opt/app", refreshAfterMs: 60_000, logLevel: "warn" },
    ],
    [{ THROUGHLINE_IP_BLOCK_MATCHES_PODS: "yes" }, { dialect: { ipBlockMatchesPods: "yes" } }],
    [{ THROUGHLINE_IP_BLOCK_MATCHES_NODES: "no" }, { dialect: { ipBlockMatchesNodes: "no" } }],
    [{ THROUGHLINE_TLS_SECRETS: "1" }, { tlsSecrets: true }],
    [{ THROUGHLINE_NAMESPACES: "shop, payments,shop" }, { namespaces: ["shop", "payments"] }],
    [{ THROUGHLINE_HOST_NETWORK: "as-pod" }, { dialect: { hostNetworkPods: "as-pod" } }],
    [
      { THROUGHLINE_IP_BLOCK_MATCHES_PODS: "no", THROUGHLINE_HOST_NETWORK: "as-node" },
      { dialect: { ipBlockMatchesPods: "no", hostNetworkPods: "as-node" } },
    ],
    [{ THROUGHLINE_IP_BLOCK_MATCHES_PODS: "", THROUGHLINE_HOST_NETWORK: "" }, { dialect: {} }],
  ])("takes %j", (env, settings) => {
    expect(readSettings(env, "/app")).toMatchObject({ kind: "settings", settings });
  });

  it.each([
    [{ THROUGHLINE_TLS_SECRETS: "all" }, "THROUGHLINE_TLS_SECRETS must be 1 or 0."],
    [{ THROUGHLINE_DEMO: "maybe" }, "THROUGHLINE_DEMO must be 1 or 0."],
    [
      { THROUGHLINE_REFRESH_SECONDS: "soon" },
      "THROUGHLINE_REFRESH_SECONDS must be a number of seconds from 1 to 3600.",
    ],
    [{ THROUGHLINE_REFRESH_SECONDS: "0" }, "THROUGHLINE_REFRESH_SECONDS must be at least 1."],
    [{ THROUGHLINE_IP_BLOCK_MATCHES_PODS: "maybe" }, "THROUGHLINE_IP_BLOCK_MATCHES_PODS must be yes or no."],
    [{ THROUGHLINE_IP_BLOCK_MATCHES_NODES: "Yes" }, "THROUGHLINE_IP_BLOCK_MATCHES_NODES must be yes or no."],
    [{ THROUGHLINE_HOST_NETWORK: "as-cow" }, "THROUGHLINE_HOST_NETWORK must be as-node or as-pod."],
    [{ THROUGHLINE_LOG_LEVEL: "loud" }, "THROUGHLINE_LOG_LEVEL must be one of debug, info, warn, error."],
    [
      { THROUGHLINE_DEMO: "1", THROUGHLINE_CONTEXT: "prod" },
      "THROUGHLINE_DEMO and THROUGHLINE_CONTEXT are both set; each asks for another cluster, so set one.",
    ],
  ])("answers %j in words", (env, problem) => {
    expect(readSettings(env, "/app")).toEqual({ kind: "invalid", problems: [problem] });
  });
});
