import type { ApiObject, Fields } from "./api-object.ts";

/** The object with what the API server keeps of who wrote which field: a half of what a pod weighs. */
export function withManagedFields(object: ApiObject): ApiObject {
  const { apiVersion, kind: _, metadata, status, ...desired } = object;
  const { labels, annotations, creationTimestamp: time } = metadata;
  const made = managedBy("kube-controller-manager", apiVersion, time, {
    metadata: { labels, annotations },
    ...desired,
  });
  const reported = { ...managedBy("kubelet", apiVersion, time, { status }), subresource: "status" };
  return {
    ...object,
    metadata: { ...metadata, managedFields: status === undefined ? [made] : [made, reported] },
  };
}

function managedBy(manager: string, apiVersion: string, time: string, fields: Fields): Fields {
  return {
    apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: fieldsOf(fields),
    manager,
    operation: "Update",
    time,
  };
}

/** Which fields of a list's items tell them apart, as the API's schema has it. */
const listKeys = [
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["name"],
  ["type"],
  ["mountPath"],
  ["ip"],
] as const;

/** Fields as FieldsV1 writes them: `f:` a field, `k:` an item of a keyed list. */
function fieldsOf(value: unknown): Fields {
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.flatMap((item: unknown) => {
        const key = isFields(item) ? keyOf(item) : undefined;
        return key === undefined ? [] : [[`k:${key}`, { ".": {}, ...fieldsOf(item) }]];
      }),
    );
  }
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === undefined ? [] : [[`f:${name}`, fieldsOf(inner)]],
    ),
  );
}

function keyOf(item: Fields): string | undefined {
  const names = listKeys.find((keys) => keys.every((key) => key in item));
  return names && JSON.stringify(Object.fromEntries(names.map((name) => [name, item[name]])));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
