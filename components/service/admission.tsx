import { Shield, ShieldCheck, ShieldQuestion } from "lucide-react";
import type { AdmissionView } from "#lib/protocol/panel.ts";

const looks = {
  open: { icon: ShieldCheck, className: "text-ink-3" },
  isolated: { icon: Shield, className: "text-accent" },
  unknown: { icon: ShieldQuestion, className: "text-unknown" },
} as const;

/** Who the NetworkPolicies let in, by which policy, and that nobody else gets in. */
export function Admission({
  admission,
  onShow,
}: {
  readonly admission: AdmissionView;
  readonly onShow: (id: string) => void;
}) {
  const { icon: Icon, className } = looks[admission.state];
  return (
    <div data-admission={admission.state}>
      <p className="flex items-start gap-2 text-[13px]">
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${className}`} strokeWidth={1.75} />
        <span>{admission.sentence}</span>
      </p>
      {admission.admits.length === 0 ? null : (
        <ul className="mt-2 divide-y divide-line">
          {admission.admits.map((row) => (
            <li
              key={`${row.policy} ${row.rule} ${row.who}`}
              className="flex items-start gap-3 py-2 text-[13px]"
            >
              <div className="min-w-0 flex-1">
                <p className="text-ink">{row.who}</p>
                {row.workloads.length === 0 ? null : (
                  <p className="text-[12px] text-ink-2">
                    {row.workloads.map((w, i) => (
                      <span key={w.id}>
                        {i === 0 ? "" : ", "}
                        <button
                          type="button"
                          onClick={() => onShow(w.id)}
                          className="text-accent hover:underline"
                        >
                          {w.namespace}/{w.name}
                        </button>
                      </span>
                    ))}
                    {row.workloadCount > row.workloads.length
                      ? ` and ${row.workloadCount - row.workloads.length} more`
                      : ""}
                  </p>
                )}
                {row.note === undefined ? null : <p className="text-[12px] text-partial">{row.note}</p>}
                <p className="text-[12px] text-ink-3">
                  by{" "}
                  <button type="button" onClick={() => onShow(row.policy)} className="hover:underline">
                    {row.policy.split("/").at(-1)}
                  </button>{" "}
                  <span className="font-mono text-[11px]">{row.rule}</span>
                </p>
              </div>
              <span className="shrink-0 text-[12px] text-ok">may, {row.ports}</span>
            </li>
          ))}
          {admission.othersRefused ? (
            <li className="flex items-start gap-3 py-2 text-[13px]">
              <p className="min-w-0 flex-1 text-ink-2">
                Everyone else
                <span className="block text-[12px] text-ink-3">
                  isolated by{" "}
                  {admission.isolatedBy.map((id, i) => (
                    <span key={id}>
                      {i === 0 ? "" : ", "}
                      <button type="button" onClick={() => onShow(id)} className="hover:underline">
                        {id.split("/").at(-1)}
                      </button>
                    </span>
                  ))}
                </span>
              </p>
              <span className="shrink-0 text-[12px] text-ink-2">may not</span>
            </li>
          ) : null}
        </ul>
      )}
      {admission.notes.map((note) => (
        <p key={note} className="mt-1.5 text-[12px] text-ink-3">
          {note}
        </p>
      ))}
    </div>
  );
}
