import type { PluralKind } from "./kinds.ts";
import type { ClusterObject } from "./objects.ts";

/** An object that differs from one snapshot to the next; never alike before and after. */
export interface Change {
  readonly plural: PluralKind;
  readonly id: string;
  /** Undefined: it was not there. */
  readonly before: ClusterObject | undefined;
  /** Undefined: it is gone. */
  readonly after: ClusterObject | undefined;
}
