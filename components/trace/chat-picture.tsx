/** A trace as a picture of 1200 × 630 for chats. Drawn by next/og, which lays out flexbox only and knows no classes. */
import type { HopView, TraceView } from "#lib/protocol/trace.ts";
import { traceSentence } from "#lib/protocol/trace-words.ts";

export const pictureSize = { width: 1200, height: 630 } as const;

const colours = {
  ground: "#0b0d11",
  surface: "#161a21",
  line: "#242a34",
  ink: "#eef1f6",
  ink2: "#c2c9d4",
  ink3: "#98a2b1",
  ok: "#3cb37a",
  broken: "#f2596e",
  partial: "#d8952f",
  unknown: "#98a2b1",
  accent: "#8aa2ff",
} as const;

const verdicts: Readonly<Record<TraceView["verdict"], { readonly word: string; readonly colour: string }>> = {
  reachable: { word: "Reachable", colour: colours.ok },
  blocked: { word: "Blocked", colour: colours.broken },
  depends: { word: "Depends", colour: colours.partial },
  unknown: { word: "Unknown", colour: colours.unknown },
};

const outcomes: Readonly<Record<HopView["outcome"], { readonly colour: string; readonly sign: string }>> = {
  pass: { colour: colours.ok, sign: "M4 11l5 5L18 6" },
  partial: { colour: colours.partial, sign: "M5 11h12M11 5v12" },
  block: { colour: colours.broken, sign: "M5 5l12 12M17 5L5 17" },
  unknown: { colour: colours.unknown, sign: "M7.5 8a3.5 3.5 0 1 1 5 3.2c-1 .6-1.5 1.2-1.5 2.3M11 17v.2" },
  skipped: { colour: colours.line, sign: "M6 11h10" },
};

const mostHops = 6;

export function ChatPicture({ trace, cluster }: { readonly trace: TraceView; readonly cluster: string }) {
  const { word, colour } = verdicts[trace.verdict];
  const shown = shownHops(trace.hops);
  const port = trace.port === undefined ? "" : `:${trace.port}`;
  return (
    <div
      style={{
        width: "100%",
        height: "100%",
        display: "flex",
        flexDirection: "column",
        padding: "52px 64px",
        background: colours.ground,
        color: colours.ink,
        fontFamily: "Geist",
      }}
    >
      <div style={{ display: "flex", alignItems: "center", justifyContent: "space-between", fontSize: 26 }}>
        <div style={{ display: "flex", alignItems: "center", gap: 14, fontWeight: 600 }}>
          <Mark />
          Throughline
        </div>
        <div style={{ display: "flex", color: colours.ink3 }}>{short(cluster, 40)}</div>
      </div>
      <div
        style={{
          display: "flex",
          alignItems: "center",
          gap: 22,
          marginTop: 40,
          fontSize: 46,
          fontWeight: 600,
        }}
      >
        <span>{short(trace.from.name, 22)}</span>
        <Arrow />
        <span>
          {short(trace.to.name, 22)}
          {port}
        </span>
      </div>
      <div style={{ display: "flex", marginTop: 18, fontSize: 30, lineHeight: 1.3, color: colours.ink2 }}>
        <span style={{ color: colour, fontWeight: 600, marginRight: 14 }}>{`${word}.`}</span>
        <span style={{ flex: 1 }}>{short(traceSentence(trace), 170)}</span>
      </div>
      <div style={{ display: "flex", marginTop: "auto", alignItems: "flex-start" }}>
        {shown.map((hop, i) => (
          <Hop key={`${hop.kind} ${hop.title}`} hop={hop} first={i === 0} />
        ))}
      </div>
    </div>
  );
}

/** The first hop that fails with those before and after it, where not all of them fit. */
function shownHops(hops: readonly HopView[]): readonly HopView[] {
  if (hops.length <= mostHops) return hops;
  const failing = hops.findIndex(({ outcome }) => outcome !== "pass");
  const start = Math.min(Math.max(0, failing - mostHops + 2), hops.length - mostHops);
  return hops.slice(start, start + mostHops);
}

function Hop({ hop, first }: { readonly hop: HopView; readonly first: boolean }) {
  const { colour, sign } = outcomes[hop.outcome];
  const dark = hop.outcome === "skipped" ? colours.ink3 : colours.ground;
  return (
    <div style={{ display: "flex", flexDirection: "column", flex: 1, minWidth: 0 }}>
      <div style={{ display: "flex", alignItems: "center" }}>
        <div
          style={{
            display: "flex",
            flex: 1,
            height: 3,
            background: first ? "transparent" : colours.line,
          }}
        />
        <svg aria-hidden="true" width="46" height="46" viewBox="0 0 22 22">
          <circle cx="11" cy="11" r="11" fill={colour} />
          <path
            d={sign}
            stroke={dark}
            strokeWidth="2.2"
            fill="none"
            transform="translate(3.3 3.3) scale(0.7)"
          />
        </svg>
        <div style={{ display: "flex", flex: 1, height: 3, background: colours.line }} />
      </div>
      <div
        style={{
          display: "flex",
          justifyContent: "center",
          textAlign: "center",
          marginTop: 16,
          padding: "0 8px",
          fontSize: 22,
          fontWeight: 600,
          lineHeight: 1.2,
          color: hop.outcome === "block" ? colours.broken : colours.ink,
        }}
      >
        {short(hop.title, 34)}
      </div>
    </div>
  );
}

function Mark() {
  return (
    <svg aria-hidden="true" width="44" height="22" viewBox="0 0 44 22">
      <path d="M10 11h8M26 11h8" stroke={colours.accent} strokeWidth="3" />
      <circle cx="6" cy="11" r="4.5" fill="none" stroke={colours.accent} strokeWidth="3" />
      <circle cx="38" cy="11" r="4.5" fill="none" stroke={colours.accent} strokeWidth="3" />
      <path d="M22 5v12" stroke={colours.broken} strokeWidth="3" />
    </svg>
  );
}

function Arrow() {
  return (
    <svg aria-hidden="true" width="44" height="24" viewBox="0 0 44 24">
      <path d="M2 12h38M30 3l10 9-10 9" stroke={colours.ink3} strokeWidth="3" fill="none" />
    </svg>
  );
}

function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
