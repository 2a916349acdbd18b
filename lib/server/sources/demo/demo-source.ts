import { join } from "node:path";
import { filesSource } from "../files/files-source.ts";
import type { Source } from "../source.ts";

/** The built-in cluster: a shop with faults in it, in `demo/cluster` below the program's root. It is all that its cluster has. */
export function demoSource(root: string): Source {
  const files = filesSource(join(root, "demo", "cluster"), { id: "demo", name: "Demo shop", whole: true });
  return { ...files, kind: "demo", changes: false };
}
