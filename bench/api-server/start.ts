/** The stand-in as a process of its own, for what measures others and is not to wait for it. */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { CommandInput } from "./commands.ts";

export interface ClusterNumbers {
  readonly pods: number;
  readonly nodes: number;
  readonly namespaces: number;
  readonly services: number;
  readonly policies: number;
}

const started = z.object({ url: z.string() });

export interface StartedApiServer {
  readonly url: string;
  control(command: CommandInput): Promise<void>;
  stop(): void;
}

/** Resolves once it listens, with a kubeconfig for it at `kubeconfig`. */
export async function startApiServer(numbers: ClusterNumbers, kubeconfig: string): Promise<StartedApiServer> {
  const options = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const file = path.join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [file, ...options, "--kubeconfig", kubeconfig], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => void child.kill("SIGTERM");
  process.once("exit", stop);
  child.once("exit", () => process.off("exit", stop));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) =>
      resolve(started.parse(JSON.parse(line)).url),
    );
    child.once("exit", (code) => reject(new Error(`the API server's stand-in ended with ${code}`)));
  });
  return {
    url,
    async control(command) {
      const response = await fetch(`${url}/control`, { method: "POST", body: JSON.stringify(command) });
      if (!response.ok) throw new Error(await response.text());
    },
    stop,
  };
}
