import type { ClusterObject, Container } from "#lib/model/objects.ts";

/** The newest moment that any object of a dump tells of, ISO 8601; undefined when none tells one. */
export function newestTime(objects: Iterable<ClusterObject>): string | undefined {
  let newest: string | undefined;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const object of objects) {
    for (const time of timesOf(object)) {
      // Nearly all are older than what was found; comparing as text first spares parsing them.
      if (
        time === undefined ||
        (newest !== undefined && isUtc(time) && isUtc(newest) && time.slice(0, 19) < newest.slice(0, 19))
      ) {
        continue;
      }
      const ms = Date.parse(time);
      if (ms > newestMs) {
        newest = time;
        newestMs = ms;
      }
    }
  }
  return newest;
}

function isUtc(time: string): boolean {
  return time.endsWith("Z");
}

function* timesOf(object: ClusterObject): Iterable<string | undefined> {
  yield object.createdAt;
  // A deletion time lies ahead, by the grace period.
  if ("conditions" in object) for (const condition of object.conditions) yield condition.since;
  switch (object.kind) {
    case "pod":
      yield object.startedAt;
      for (const container of object.containers) yield* containerTimes(container);
      break;
    case "event":
      yield object.firstSeen;
      yield object.lastSeen;
      break;
    case "gateway":
    case "listener-set":
      for (const listener of object.listeners)
        for (const condition of listener.conditions) yield condition.since;
      break;
    case "http-route":
    case "grpc-route":
    case "tls-route":
    case "tcp-route":
    case "udp-route":
      for (const parent of object.parents ?? [])
        for (const condition of parent.conditions) yield condition.since;
      break;
    default:
      break;
  }
}

function* containerTimes(container: Container): Iterable<string | undefined> {
  if (container.state.kind === "running") yield container.state.startedAt;
  if (container.state.kind === "terminated") yield container.state.finishedAt;
  yield container.lastEnd?.finishedAt;
}
