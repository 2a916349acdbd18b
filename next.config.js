/** @type {import("next").NextConfig} */
const config = {
  output: "standalone",
  poweredByHeader: false,
  reactStrictMode: true,
  // No page has a picture to shrink, and whoever shrinks them fetches addresses that requests name.
  images: { unoptimized: true },
  // `npm test` checks types on its own; whoever only starts the dashboard need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // The map reads these at run time by path, so tracing has to be told of them.
  outputFileTracingIncludes: {
    "/*": ["./demo/cluster/**", "./demo/incident/**", "./lib/diagnosis/checks/**/*.md"],
  },
  outputFileTracingExcludes: { "/*": ["./docs/**", "./e2e/**", "./bench/**", "./scripts/**"] },
  serverExternalPackages: ["@kubernetes/client-node", "pino", "prom-client"],
};

export default config;
