import type { ExecRunner } from "./connect.ts";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.ts";
import type { KubeOptions } from "./kube-options.ts";

export interface ExecCache {
  readonly run: ExecRunner;
  /** Drops what the server refused. True when there was something: then it is worth asking the plugin again. */
  forget(): boolean;
}

/** A token is asked for anew a little before it ends, so that it does not end in the middle of a read. */
const earlyMs = 60_000;

/** Keeps one exec plugin's credential between reads: running the plugin takes a second with some clouds. */
export function execCache(options: KubeOptions): ExecCache {
  let kept: { readonly key: string; readonly credential: ExecCredential; used: boolean } | undefined;
  return {
    async run(user, cluster, signal) {
      if (user.exec === undefined) throw new Error(`user ${user.name} has no exec plugin`);
      const key = JSON.stringify([user.exec, cluster]);
      if (
        kept?.key === key &&
        (kept.credential.expiresAt ?? Number.POSITIVE_INFINITY) - earlyMs > options.clock()
      ) {
        kept.used = true;
        return { kind: "credential", credential: kept.credential };
      }
      const { env, clock, execTimeoutMs: timeoutMs } = options;
      const result = await runExecPlugin(user.exec, cluster, { env, signal, timeoutMs, clock });
      kept = result.kind === "credential" ? { key, credential: result.credential, used: false } : undefined;
      return result;
    },
    forget() {
      const wasUsedAgain = kept?.used === true;
      kept = undefined;
      return wasUsedAgain;
    },
  };
}
