import type { Evidence, Fix } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Labels, Pod } from "#lib/model/objects.ts";
import type { NearMiss } from "../facts.ts";
import { listed, objectInWords } from "../object-words.ts";
import { labelsInWords } from "../selector.ts";
import { jsonPatch, mergePatch, pointer } from "./patch.ts";

export interface SelectorAtFault {
  readonly object: ObjectId;
  /** Field path of the labels: `spec.selector`. */
  readonly path: string;
  readonly labels: Labels;
  readonly nearMiss: NearMiss;
  /** The pods that labels would select where the selector looks. */
  readonly podsWith: (labels: Labels) => readonly Pod[];
  /** The pods of the near miss. */
  readonly meant: readonly Pod[];
}

/**
 * The smallest change that makes a selector match what it nearly matches: in the selector, since changing a pod's
 * labels restarts it. A label that the pods lack is dropped only where that lets no other pods in, and never the
 * last one (an empty selector selects nothing in a Service, and everything in a policy); then there is no patch.
 */
export function fixSelector({ object, path, labels, nearMiss, podsWith, meant }: SelectorAtFault): Fix {
  const owner = objectInWords(nearMiss.workload);
  // Nothing differs but the namespace, and a selector cannot name another one.
  if (nearMiss.differs.length === 0) {
    return {
      text: `Move ${objectInWords(object)} to namespace ${refOf(nearMiss.workload).namespace}, or change its selector`,
    };
  }
  const set = nearMiss.differs.flatMap(({ key, actual }) =>
    actual === undefined ? [] : [[key, actual] as const],
  );
  const drop = nearMiss.differs.filter(({ actual }) => actual === undefined).map(({ key }) => key);
  const changed = Object.fromEntries(
    Object.entries({ ...labels, ...Object.fromEntries(set) }).filter(([key]) => !drop.includes(key)),
  );
  const matched = podsWith(changed);
  const widens = drop.length > 0 && matched.some((pod) => !meant.includes(pod));
  const inLabels = nearMiss.differs.every(({ key }) => key in labels);
  if (matched.length === 0 || widens || !inLabels || Object.keys(changed).length === 0) {
    const wanted = nearMiss.differs.map(({ key, wanted }) => `${key}=${wanted}`);
    return {
      text: `Give the pods of ${owner} the ${wanted.length === 1 ? "label" : "labels"} ${listed(wanted)}, or change the selector`,
    };
  }
  const steps = [
    ...(set.length > 0 ? [`set ${labelsInWords(Object.fromEntries(set))}`] : []),
    ...(drop.length > 0 ? [`drop ${listed(drop)}`] : []),
  ];
  return {
    text: `In the selector of ${objectInWords(object)} ${listed(steps)}, to match the pods of ${owner}`,
    patch: path.includes("[")
      ? jsonPatch(
          object,
          ...set.map(([key, value]) => ({ op: "replace", path: pointer(path, key), value }) as const),
          ...drop.map((key) => ({ op: "remove", path: pointer(path, key) }) as const),
        )
      : mergePatch(
          object,
          nest(path.split("."), {
            ...Object.fromEntries(set),
            ...Object.fromEntries(drop.map((key) => [key, null])),
          }),
        ),
  };
}

/** The labels that the nearly matching pods carry in place of those asked for. */
export function nearMissEvidence(nearMiss: NearMiss): readonly Evidence[] {
  const path = labelsPath(nearMiss.workload);
  return nearMiss.differs.map(({ key, actual }) => ({
    object: nearMiss.workload,
    path,
    value: actual === undefined ? `no label ${key}` : `${key}=${actual}`,
  }));
}

function labelsPath(workload: ObjectId): string {
  switch (refOf(workload).kind) {
    case "pod":
      return "metadata.labels";
    case "cron-job":
      return "spec.jobTemplate.spec.template.metadata.labels";
    default:
      return "spec.template.metadata.labels";
  }
}

function nest(path: readonly string[], leaf: object): object {
  return path.reduceRight<object>((inner, key) => ({ [key]: inner }), leaf);
}
