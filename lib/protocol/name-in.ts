const naming = ["id", "key", "namespace", "code", "name", "title"] as const;

/** What a thing in a list of an answer is known by, where it says: one that moves or is new does not change all after it. */
export function nameIn(object: object | null): string | undefined {
  if (object === null) return undefined;
  for (const field of naming) {
    const value: unknown = Reflect.get(object, field);
    if (typeof value === "string") return value;
  }
  return undefined;
}
