import type { Facts } from "#lib/engine/facts.ts";
import { certificateInWords } from "#lib/engine/tls/certificate-words.ts";
import type { TlsEntry } from "#lib/engine/tls/tls-entries.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { FactView, RelatedView } from "#lib/protocol/panel.ts";
import { related } from "./related.ts";

function entriesOf(facts: Facts, id: ObjectId): readonly TlsEntry[] {
  return facts.tls.filter(({ user }) => user.id === id);
}

/** "certificate: admin-tls: shop.example.com and *.shop.example.com, expires in 12 days", one for each Secret that an Ingress or Gateway names. */
export function certificateFacts(facts: Facts, id: ObjectId): readonly FactView[] {
  return entriesOf(facts, id).flatMap(({ user, listener, refs }) =>
    refs.map((ref): FactView => {
      const { words, tone } = certificateInWords(ref, facts.snapshot, facts.now);
      const name = ref.namespace === user.namespace ? ref.name : `${ref.namespace}/${ref.name}`;
      return {
        label: listener === undefined ? "certificate" : `certificate of ${listener.name}`,
        value: `${name}: ${words}`,
        tone: tone === "ok" ? undefined : tone,
      };
    }),
  );
}

/** The Secrets themselves, where they were read, and what makes them. */
export function certificateRows(facts: Facts, id: ObjectId): readonly RelatedView[] {
  const rows = new Map<ObjectId, RelatedView>();
  for (const { refs } of entriesOf(facts, id)) {
    for (const ref of refs) {
      const { tone } = certificateInWords(ref, facts.snapshot, facts.now);
      if (ref.secret !== undefined) rows.set(ref.id, related(ref.id, "its certificate", { health: tone }));
      for (const maker of ref.makers) rows.set(maker.id, related(maker.id, "makes its certificate"));
    }
  }
  return [...rows.values()];
}
