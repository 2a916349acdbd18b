/**
 * What the policy kinds share. They are read more strictly than the others: a misspelt field in a Deployment changes
 * nothing that is drawn, while in a policy it changes who may talk to whom.
 */
import { z } from "zod";
import { nearestOf } from "#lib/engine/near-words.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ClusterObject, Fault, Origin } from "#lib/model/objects.ts";
import type { Problem } from "#lib/model/snapshot.ts";
import { list, requiredText, stringMap } from "./api-shapes.ts";
import { isMapping, type Raw } from "./read-body.ts";
import { faultsOf } from "./reading.ts";

/** A mapping that refuses fields which it does not name. */
export function strictly<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.looseObject(shape).check(({ value, issues }) => {
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const nearest = nearestOf(key, known);
      const near = nearest === undefined ? "" : `; ${nearest} is the closest`;
      issues.push({
        code: "custom",
        path: [key],
        input: value,
        message: `is no field of the API${near}`,
      });
    }
  });
}

/** A LabelSelector (meta/v1) with the API server's own checks of its expressions. */
export const strictSelector = strictly({
  matchLabels: stringMap,
  matchExpressions: list(
    strictly({
      key: requiredText,
      operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
      values: list(z.string()),
    }).check(({ value, issues }) => {
      const { operator, values } = value;
      const wantsValues = operator === "In" || operator === "NotIn";
      if (wantsValues === (values ?? []).length > 0) return;
      const message = wantsValues ? `must not be empty for ${operator}` : `must be empty for ${operator}`;
      issues.push({ code: "custom", path: ["values"], input: values, message });
    }),
  ),
});

/** A policy without a name is no reason to forget it: it gets one for here, and a fault that says so. */
export function withName(
  raw: Raw,
  origin: Origin | undefined,
): { readonly raw: Raw; readonly faults: readonly Fault[] } {
  const metadata = raw.metadata ?? {};
  if (!isMapping(metadata)) return { raw, faults: [] };
  const { name } = metadata;
  if (name !== undefined && name !== null && name !== "") return { raw, faults: [] };
  const place = origin?.line === undefined ? "" : `-at-line-${origin.line}`;
  return {
    raw: { ...raw, metadata: { ...metadata, name: `unnamed${place}` } },
    faults: [{ path: "metadata.name", why: "is required" }],
  };
}

/** What strict reading gave, or all that is wrong. */
export function readStrictly<S extends z.ZodType>(
  shape: S,
  raw: Raw,
): { readonly body: z.infer<S> | undefined; readonly faults: readonly Fault[] } {
  const parsed = shape.safeParse(raw, { reportInput: true });
  return parsed.success
    ? { body: parsed.data, faults: [] }
    : { body: undefined, faults: faultsOf(parsed.error) };
}

/** The problems that a policy was kept with, to be told where it stands; none for every other object. */
export function faultsToTell(object: ClusterObject): readonly Pick<Problem, "kind" | "why" | "subject">[] {
  if (!("faults" in object)) return [];
  const { kind, name } = object;
  const place = "namespace" in object ? `${object.namespace}/${name}` : name;
  const subject = `${kinds[kind].api} ${place}`;
  return object.faults.map(({ path, why }) => ({ kind: "invalid", why: `${path} ${why}.`.trim(), subject }));
}
