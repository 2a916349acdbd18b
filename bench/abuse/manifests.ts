/** Manifests that no API server would take: damaged in every way that YAML and Kubernetes' shapes allow. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { dump, loadAll } from "js-yaml";
import { packageRoot } from "#cli/package-root.ts";
import type { Chance } from "../cluster/chance.ts";
import { damagedBytes, damagedText, damagedTree, stumblingText } from "./mutate.ts";

export interface Manifests {
  /** Whole files, each of several documents. */
  readonly texts: readonly [string, ...string[]];
  /** Each object by itself. */
  readonly objects: readonly [unknown, ...unknown[]];
}

/** The demo and what the checks' own pages show: every kind that is read is in them. */
export function manifests(): Manifests {
  const texts = ["demo/cluster", "lib/diagnosis/checks"].flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .map((name) => readFileSync(path.join(packageRoot, folder, name), "utf8")),
  );
  const objects = texts
    .flatMap((text) => loadAll(text))
    .filter((each) => typeof each === "object" && each !== null);
  const [[firstText, ...moreTexts], [firstObject, ...moreObjects]] = [texts, objects];
  if (firstText === undefined || firstObject === undefined)
    throw new Error("there are no manifests to damage");
  return { texts: [firstText, ...moreTexts], objects: [firstObject, ...moreObjects] };
}

/** What somebody drops on the page under the name `a.yaml`. `number`: truncation takes each length in turn. */
export function damagedManifest(chance: Chance, { texts, objects }: Manifests, number: number): Buffer {
  switch (chance.below(10)) {
    case 0: {
      // Each byte of each file is the last one of some case.
      const text = Buffer.from(texts[number % texts.length] ?? "");
      return text.subarray(0, Math.floor(number / texts.length) % (text.length + 1));
    }
    case 1:
      return Buffer.from(damagedText(chance.pick(texts), chance));
    case 2:
      return damagedBytes(Buffer.from(chance.pick(texts)), chance);
    case 3:
      return Buffer.from(bomb(chance));
    default: {
      // Several of one file stay together: what they say of each other is what checks read.
      const from = chance.below(objects.length);
      const some = objects.slice(from, from + 1 + chance.below(12));
      const which = chance.below(some.length);
      const damaged = some.map((object, i) =>
        i === which || chance.below(3) === 0 ? damagedTree(object, chance) : object,
      );
      return Buffer.from(written(damaged, chance));
    }
  }
}

function written(objects: readonly unknown[], chance: Chance): string {
  switch (chance.below(3)) {
    case 0:
      return objects.map((object) => JSON.stringify(object) ?? "").join("\n");
    case 1:
      return JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    default:
      return objects.map((object) => dump(object, { skipInvalid: true, lineWidth: -1 })).join("---\n");
  }
}

/** Little text that stands for much, or that is much to read. */
function bomb(chance: Chance): string {
  const head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  namespace: b\n";
  const many = 1 + chance.below(20_000);
  switch (chance.below(16)) {
    case 0: {
      // Each line is nine of the one before.
      const lines = Array.from({ length: 4 + chance.below(30) }, (_, i) =>
        i === 0
          ? "  a0: &a0 [x, x, x, x, x, x, x, x, x]"
          : `  a${i}: &a${i} [${Array(9)
              .fill(`*a${i - 1}`)
              .join(", ")}]`,
      );
      return `${head}spec:\n${lines.join("\n")}\n`;
    }
    case 1:
      return `${head}spec: &me\n  self: *me\n  ports: [*me]\n`;
    case 2:
      return `${head}spec: ${"[".repeat(many)}`;
    case 3:
      return `${head}spec: ${"{a: ".repeat(many)}${"}".repeat(many)}`;
    case 4:
      return `{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":${'{"a":['.repeat(many)}`;
    case 5:
      return `${head}spec:\n${Array.from({ length: Math.min(many, 3_000) }, (_, i) => `${" ".repeat(2 + i)}a:`).join("\n")}`;
    case 6:
      return `${head}  labels: {<<: [{a: b}, {<<: {c: d}}], __proto__: {x: y}, constructor: z, hasOwnProperty: q}\n`;
    case 7:
      return `${head}spec: !!js/function "function () {}"\n---\n${head}spec: !!binary AAAA\n---\n!!python/object:os.system x\n`;
    case 8:
      return "---\n".repeat(many);
    case 9:
      return `${head}${`  ${stumblingText(chance).replaceAll(/\s/g, "")}: x\n`.repeat(Math.min(many, 2_000))}`;
    case 10:
      return `${head}spec:\n  ports:\n${"  - {port: 80, targetPort: 99999999999999999999999}\n".repeat(Math.min(many, 3_000))}`;
    case 11:
      return `${head}spec: "${"\\u0000\\ud800".repeat(many)}"\n`;
    case 12:
      return `? ${"- ".repeat(Math.min(many, 3_000))}\n: a\n`;
    case 13:
      return `%YAML 9.9\n%TAG ! tag:x,2000:\n--- ${"!a ".repeat(Math.min(many, 3_000))}\n`;
    case 14:
      return `${head}spec: |${" ".repeat(chance.below(9))}\n${"\t".repeat(many)}\n`;
    default:
      return `${head}${"# ".repeat(many)}\n${"&a *a ".repeat(Math.min(many, 1_000))}`;
  }
}
