import type { Health } from "#lib/model/graph.ts";
import type { Condition } from "#lib/model/objects.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";

/** What differs between the panels of two kinds. */
export interface PanelParts {
  readonly health: Health;
  readonly sentence: string;
  readonly facts: readonly FactView[];
  readonly related: readonly RelatedView[];
  readonly conditions?: readonly Condition[] | undefined;
}

/** An object that is listed and of which no facts were made. */
export const gone: PanelParts = { health: "unknown", sentence: "Not read", facts: [], related: [] };
