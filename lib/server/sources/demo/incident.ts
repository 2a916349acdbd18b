import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { assembleSnapshot } from "../assemble-snapshot.ts";
import { filesSource } from "../files/files-source.ts";

const stepSchema = z.object({
  title: z.string(),
  says: z.string(),
  seconds: z.number().positive(),
  look: z.string().startsWith("/"),
  takenAt: z.string(),
  deletes: z.array(z.string()),
});

/** One step of the incident that the demo can play: what it does to the step before it. */
export interface Step extends z.infer<typeof stepSchema> {
  readonly applies: readonly ClusterObject[];
}

/** The steps in `demo/incident`, which `scripts/make-demo.ts` writes: in each file what it says, then its objects. */
export async function readIncident(root: string, signal: AbortSignal): Promise<readonly Step[]> {
  const folder = join(root, "demo", "incident");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  return Promise.all(
    files.map(async (name) => {
      const [first] = loadAll(await readFile(join(folder, name), "utf8"));
      const read = await filesSource(join(folder, name), { id: name, name, whole: true }).read(
        () => {},
        signal,
      );
      if (read.kind === "failed") throw new Error(`${name}: ${read.failure.title}`);
      return {
        ...stepSchema.parse(first),
        applies: objectsOf(read.snapshot).filter((each) => !isImplied(each)),
      };
    }),
  );
}

/** The cluster after the first `count` steps; with 0, as it was. */
export function snapshotAfter(base: Snapshot, steps: readonly Step[], count: number): Snapshot {
  const done = steps.slice(0, count);
  const last = done.at(-1);
  if (last === undefined) return base;
  const objects = new Map<string, ClusterObject>(objectsOf(base).map((object) => [object.id, object]));
  for (const { deletes, applies } of done) {
    for (const id of deletes) objects.delete(id);
    for (const object of applies) objects.set(object.id, object);
  }
  return assembleSnapshot({
    objects: objects.values(),
    problems: base.problems,
    origin: base.origin,
    takenAt: last.takenAt,
    version: base.version,
    complete: true,
  });
}

function objectsOf({ objects }: Snapshot): readonly ClusterObject[] {
  return Object.values(objects).flatMap((list): readonly ClusterObject[] => list ?? []);
}

function isImplied(object: ClusterObject): boolean {
  return object.kind === "namespace" && object.implied === true;
}
