/** How patient watching is, in milliseconds; a test is less so. */
export interface WatchTimes {
  /** After the first failure of a kind, and at most. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** The same for a cluster that cannot be reached. */
  readonly reachFirstMs: number;
  readonly reachMostMs: number;
  /**
   * A watch that says nothing for this long is taken for dead and begun again where it was. Bookmarks come about every
   * minute, but some kinds have none, and a watch of theirs may rest for hours.
   */
  readonly silenceMs: number;
  /** A streaming list that sends nothing for this long does not know how to end: the kind is listed in pages instead. */
  readonly initialSilenceMs: number;
  /** Where no watch has said anything for this long, the cluster is asked whether it is there. */
  readonly probeMs: number;
  /** How often that, and the clock, are looked at. */
  readonly tickMs: number;
  /** The clock has gone this much further than a tick: the machine slept, and connections are dead without a word. */
  readonly sleptMs: number;
  /** Watches are asked to end after this long or up to twice as long, so that credentials and servers come round. */
  readonly watchMs: number;
  /** Credentials are looked at again, for new requests, when they are older than this. */
  readonly renewMs: number;
  /** What was not served, or forbidden, is asked for again after this long. */
  readonly recheckMs: number;
  /** A kind that may be listed and not watched is listed again after this long. */
  readonly pollMs: number;
  /** Where a kind still fails after this long, the others are shown without it. */
  readonly giveUpMs: number;
  /** How long a kind that was readable has to stay forbidden until it is believed: a starting server forbids everything. */
  readonly forbiddenMs: number;
}

export const watchTimes: WatchTimes = {
  retryFirstMs: 500,
  retryMostMs: 30_000,
  reachFirstMs: 500,
  reachMostMs: 15_000,
  silenceMs: 90_000,
  initialSilenceMs: 20_000,
  probeMs: 10_000,
  tickMs: 5_000,
  sleptMs: 15_000,
  watchMs: 300_000,
  renewMs: 60_000,
  recheckMs: 120_000,
  pollMs: 15_000,
  giveUpMs: 20_000,
  forbiddenMs: 10_000,
};
