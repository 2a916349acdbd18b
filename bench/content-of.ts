/** How often, since when and for how long: no two servers began at the same moment. */
const ofTheServer = new Set(["checkedAt", "takenAt", "since", "version", "answers"]);

/** What an answer says of the cluster, whichever server gave it. */
export function contentOf(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null, (key, value: unknown) => {
      if (ofTheServer.has(key)) return undefined;
      // Pods that have been so for as many seconds are named together.
      return typeof value === "string" && / for (\d+ (s|min|h|days)|a few seconds)/.test(value)
        ? value.split(":")[0]
        : value;
    }),
  );
}
