import { createLog, type LogFields } from "../log.ts";
import { inRequest } from "./in-request.ts";

/** What somebody may ask about later. */
export type Audited = "login" | "login refused" | "logout" | "export" | "file opened";

const log = createLog("info");

/**
 * A line that is written whatever the log's level: who did it, by name, from which address, in which request. Nothing
 * else in the log has a name or an address in it.
 */
export function audit(what: Audited, fields: LogFields = {}, request = inRequest()): void {
  log(what === "login refused" ? "warn" : "info", `audit: ${what}`, {
    audit: what,
    request: request?.id,
    user: request?.user,
    who: request?.who,
    from: request?.peer,
    ...fields,
  });
}
