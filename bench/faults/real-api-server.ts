/** A real control plane of its own, where ../shared offers one beside the project. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot } from "#cli/package-root.ts";

export interface RealApiServer {
  readonly kubeconfig: string;
  apply(object: object): void;
  /** As `kill -9`; what it held is in etcd. */
  kill(): void;
  /** Resolves once it says that it is ready. */
  startAgain(): Promise<void>;
  down(): void;
}

const scripts = path.resolve(packageRoot, "../shared/real-cluster");
const longestStartMs = 90_000;

/** Undefined: there is none beside the project. */
export function realApiServer(): RealApiServer | undefined {
  if (!existsSync(path.join(scripts, "up"))) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "throughline-bench-real-"));
  const down = () => {
    process.off("exit", down);
    execFileSync(path.join(scripts, "down"), [folder], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  process.once("exit", down);
  const said = execFileSync(path.join(scripts, "up"), [folder], { stdio: ["ignore", "pipe", "ignore"] });
  const kubeconfig = said.toString().trim().split("\n").at(-1) ?? "";
  const kubectl = (args: readonly string[], input = "") =>
    execFileSync("kubectl", ["--kubeconfig", kubeconfig, ...args], {
      input,
      stdio: ["pipe", "pipe", "pipe"],
    }).toString();
  const pidFile = path.join(folder, "pids", "kube-apiserver");
  const pid = () => readFileSync(pidFile, "utf8").trim();
  const [command = "", ...args] = readFileSync(`/proc/${pid()}/cmdline`, "utf8").split("\0").slice(0, -1);
  return {
    kubeconfig,
    apply: (object) => void kubectl(["apply", "--validate=false", "-f", "-"], JSON.stringify(object)),
    kill: () => void process.kill(Number(pid()), "SIGKILL"),
    async startAgain() {
      const again = spawn(command, args, { detached: true, stdio: "ignore" });
      again.unref();
      writeFileSync(pidFile, String(again.pid));
      for (const endMs = performance.now() + longestStartMs; ; await sleep(100)) {
        try {
          if (kubectl(["get", "--raw", "/readyz"]) === "ok") return;
        } catch (error) {
          if (performance.now() > endMs) throw error;
        }
      }
    },
    down,
  };
}
