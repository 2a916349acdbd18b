/**
 * The one-way arrows of docs/architecture.md. Each rule says what a room may import; anything else is an error.
 * Tests may reach further: they read YAML through the sources.
 */
const code = (room) => ({ path: `^${room}/`, pathNot: "\\.test\\.tsx?$" });
const rooms = "^(lib|components|app|cli|demo|e2e|scripts|bench)/";

/** Files of `from` import, of this project's rooms, only these. */
function mayImport(from, allowed, comment) {
  return {
    name: `${from.replaceAll("/", "-")}-arrows`,
    comment,
    severity: "error",
    from: code(from),
    to: { path: rooms, pathNot: [`^${from}/`, ...allowed.map((room) => `^${room}/`)] },
  };
}

const pure = "^lib/(model|engine|diagnosis|graph)/";

module.exports = {
  forbidden: [
    mayImport("lib/model", [], "The model's types import nothing."),
    mayImport("lib/engine", ["lib/model"], "Facts and verdicts follow from the model alone."),
    mayImport("lib/diagnosis", ["lib/engine", "lib/model"], "Checks read facts."),
    mayImport(
      "lib/graph",
      ["lib/engine", "lib/diagnosis", "lib/model"],
      "The graph is drawn from facts and findings.",
    ),
    mayImport("lib/protocol", ["lib/model"], "The wire carries the model."),
    mayImport(
      "lib/server",
      ["lib/model", "lib/engine", "lib/diagnosis", "lib/graph", "lib/protocol"],
      "The server joins all of it.",
    ),
    mayImport("lib/client", ["lib/protocol", "lib/model"], "The browser's side of the wire."),
    mayImport(
      "components",
      ["lib/client", "lib/protocol", "lib/model"],
      "Components read the client's store; never the server, even for a type.",
    ),
    mayImport(
      "app",
      ["components", "lib/server", "lib/protocol", "lib/model", "lib/client"],
      "Pages lay out; handlers parse, call, respond.",
    ),
    mayImport(
      "cli",
      ["lib/server", "lib/engine", "lib/diagnosis", "lib/model"],
      "The same engine from a terminal.",
    ),
    {
      name: "pure-rooms",
      comment:
        "The model, the engine, the checks and the graph are pure: no React, Next, Node built-in, Cytoscape or Kubernetes client.",
      severity: "error",
      from: { path: pure, pathNot: "\\.test\\.ts$" },
      // Arithmetic on blocks of addresses is a pure library (decision 0006).
      to: {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer"],
        pathNot: "node_modules/cidr-tools/",
      },
    },
    {
      name: "cytoscape-in-one-file",
      severity: "error",
      from: { path: "^(lib|components|app|cli)/", pathNot: "^components/map/edge-canvas\\.ts$" },
      to: { path: "node_modules/cytoscape/" },
    },
    {
      name: "kubernetes-client-in-one-room",
      severity: "error",
      from: { path: "^(lib|components|app|cli)/", pathNot: "^lib/server/sources/kube/" },
      to: { path: "node_modules/@kubernetes/" },
    },
    {
      name: "no-react-in-the-client-core",
      severity: "error",
      from: { path: "^lib/client/" },
      to: { path: "node_modules/(react|next)/" },
    },
    {
      name: "checks-import-no-check",
      comment: "What two checks need is a fact in the engine.",
      severity: "error",
      from: { path: "^lib/diagnosis/checks/([^/]+)/([^/.]+)\\.ts$" },
      to: { path: "^lib/diagnosis/checks/", pathNot: "^lib/diagnosis/checks/$1/$2\\." },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "tests-stay-out",
      severity: "error",
      from: { pathNot: "\\.test\\.tsx?$|^lib/testing/" },
      to: { path: "^lib/testing/|\\.test\\.tsx?$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^\\.next/" },
    parser: "swc",
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      mainFields: ["module", "main", "types"],
    },
    combinedDependencies: true,
  },
};
