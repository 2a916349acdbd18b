import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

export interface Place {
  readonly folder: string;
  /** Runs the command in the folder, as a shell would, with nothing of this machine's kubeconfig. */
  run(words: readonly string[], given?: { readonly stdin?: string; readonly env?: object }): Promise<Ran>;
  remove(): void;
}

const main = path.resolve(import.meta.dirname, "../main.ts");

/** A new folder with these files in it, and the command to run there. */
export function placeWith(files: Readonly<Record<string, string | Buffer>>): Place {
  const folder = mkdtempSync(path.join(tmpdir(), "throughline-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return {
    folder,
    async run(words, { stdin = "", env = {} } = {}) {
      const child = spawn(process.execPath, [main, ...words], {
        cwd: folder,
        env: { NODE_ENV: "production", PATH: process.env.PATH, HOME: folder, ...env },
        stdio: "pipe",
      });
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      child.stdin.end(stdin);
      const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      return { out, err, code };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A small shop: frontend may reach cart by a policy, nobody may reach redis, and search has no pods. */
export const shop = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend, namespace: shop }
spec:
  selector: { matchLabels: { app: frontend } }
  template:
    metadata: { labels: { app: frontend } }
    spec: { containers: [{ name: web, ports: [{ containerPort: 80 }] }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec:
  selector: { app: cart }
  ports: [{ name: web, port: 80, targetPort: http }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  ingress:
    - from: [{ podSelector: { matchLabels: { app: frontend } } }]
      ports: [{ port: 8080 }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: redis, namespace: shop }
spec:
  selector: { matchLabels: { app: redis } }
  template:
    metadata: { labels: { app: redis } }
    spec: { containers: [{ name: redis, ports: [{ containerPort: 6379 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: redis, namespace: shop }
spec:
  podSelector: { matchLabels: { app: redis } }
  ingress: []
`;
