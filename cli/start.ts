import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type DialectOptions, dialectEnv } from "./dialect-options.ts";
import { ensureBuilt } from "./ensure-built.ts";
import { fail, requireNode } from "./fail.ts";
import { packageRoot } from "./package-root.ts";

export interface StartOptions extends DialectOptions {
  readonly context?: string;
  readonly files?: string;
  readonly demo?: true;
  readonly host: string;
  readonly port: number;
  readonly config?: string;
  readonly json?: true;
}

/** Serves the dashboard until it is stopped. Ends the process with 2 when it cannot. */
export async function start(options: StartOptions): Promise<void> {
  requireNode();
  const files = options.files === undefined ? undefined : path.resolve(options.files);
  if (files !== undefined && !existsSync(files)) fail(`There is no file or folder ${files}.`);

  const { readAccess } = await import("#lib/server/auth/auth-settings.ts");
  const { listeningProblem } = await import("#lib/server/gate/listening.ts");
  const access = readAccess(process.env);
  if (access.kind === "invalid") fail(...access.problems);
  const unsafe = listeningProblem(access.access, options.host);
  if (unsafe.length > 0) fail(...unsafe);

  const { findConfig, loadConfig } = await import("#lib/server/config/config-file.ts");
  const workingDirectory = process.cwd();
  const named = options.config ?? (process.env.THROUGHLINE_CONFIG || undefined);
  const config = findConfig({ named, beside: files, workingDirectory });
  const read = loadConfig(config, workingDirectory);
  if (read.kind === "invalid") fail(...read.problems);

  const server = await ensureBuilt(packageRoot);
  if (server === undefined) fail("The dashboard could not be built; what went wrong is printed above.");
  const port = await freePort(options.host, options.port);

  // The server is another bundle: what it should do reaches it through the environment, parsed once on its side.
  Object.assign(process.env, { NODE_ENV: "production" });
  process.env.HOSTNAME = options.host;
  process.env.PORT = String(port);
  process.env.THROUGHLINE_ROOT = path.dirname(server);
  // A line for every request is for who collects them; a terminal is read for what is wrong.
  process.env.THROUGHLINE_LOG_LEVEL ||= "warn";
  // What the command line asks for wins over what the shell had set.
  if (options.demo === true || files !== undefined || options.context !== undefined) {
    for (const name of ["THROUGHLINE_DEMO", "THROUGHLINE_FILES", "THROUGHLINE_CONTEXT"])
      delete process.env[name];
  }
  if (options.demo === true) process.env.THROUGHLINE_DEMO = "1";
  if (files !== undefined) process.env.THROUGHLINE_FILES = files;
  if (options.context !== undefined) process.env.THROUGHLINE_CONTEXT = options.context;
  Object.assign(process.env, dialectEnv(options));
  if (config !== undefined) process.env.THROUGHLINE_CONFIG = path.resolve(config);
  // The server changes its working directory, so paths that are relative to ours are made absolute now.
  if (process.env.KUBECONFIG !== undefined && process.env.KUBECONFIG !== "") {
    process.env.KUBECONFIG = process.env.KUBECONFIG.split(path.delimiter)
      .map((p) => path.resolve(p))
      .join(path.delimiter);
  }

  const url = `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`;
  await import(pathToFileURL(server).href);
  await answering(url);
  if (options.json === true) console.log(JSON.stringify({ url, pid: process.pid }));
  else console.log(`\n  Throughline is at ${url}\n  Stop it with Ctrl+C.\n`);
}

/** Resolves once the server takes requests. */
async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  fail(`The server did not come up at ${url}.`);
}

/** The port that was asked for, or a free one for 0. Ends the process with words when it is taken. */
function freePort(host: string, wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        fail(`Port ${wanted} is in use on ${host}. Choose another: --port ${wanted + 1}`);
      if (error.code === "EACCES")
        fail(`Port ${wanted} needs rights that this user has not. Choose one above 1023: --port 3000`);
      fail(`Cannot listen on ${host}:${wanted}: ${error.message}`);
    });
    probe.listen({ host, port: wanted }, () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}
