import type { Follows } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Gateway } from "#lib/model/objects.ts";

/** What would explain that a controller did not put a Gateway, or anything on it, into force. */
export function notAcceptedBecause({ id, className }: Gateway): readonly Follows[] {
  return [
    // A class that does not exist is found on the Gateway, one that is not accepted on the class.
    { object: id, checks: ["gateway/class-not-accepted", "gateway/listener-conflict"] },
    { object: objectId("gateway-class", undefined, className), checks: ["gateway/class-not-accepted"] },
  ];
}
