/** A place in an object as Kubernetes writes it: `spec.ports[0].port`, `metadata.labels["app.kubernetes.io/name"]`. */
export function fieldPath(keys: readonly PropertyKey[]): string {
  let path = "";
  for (const key of keys) {
    if (typeof key === "number") path += `[${key}]`;
    else if (/^[A-Za-z_$][\w-]*$/.test(String(key))) path += path === "" ? String(key) : `.${String(key)}`;
    else path += `[${JSON.stringify(String(key))}]`;
  }
  return path;
}
