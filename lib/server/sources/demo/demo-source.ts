import { join } from "node:path";
import { filesSource } from "../files/files-source.ts";
import type { Source } from "../source.ts";

/** The built-in cluster: a shop with faults in it, read from `demo/cluster` below the project's root. */
export function demoSource(root: string = process.env.THROUGHLINE_ROOT ?? process.cwd()): Source {
  const files = filesSource(join(root, "demo", "cluster"), { id: "demo", name: "Demo shop", whole: true });
  return { ...files, kind: "demo", changes: false };
}
