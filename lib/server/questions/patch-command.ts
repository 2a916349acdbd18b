import { kubectl } from "#lib/engine/fix/kubectl.ts";
import type { Patch } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";

/** A patch as a line to paste into a POSIX shell. */
export function patchCommand({ object, type, body }: Patch): string {
  const { kind, namespace, name } = refOf(object);
  return kubectl(namespace, "patch", kinds[kind].api.toLowerCase(), name, "--type", type, "-p", body);
}
