import type { BrowserContext } from "@playwright/test";
import type { CommandInput } from "../api-server/commands.ts";

export interface Scene {
  control(command: CommandInput): Promise<void>;
  readonly context: BrowserContext;
  /** The server's process. */
  readonly pid: number;
}

/** One thing that goes wrong around the dashboard. */
export interface Fault {
  readonly name: string;
  begin(scene: Scene): Promise<void>;
  /** It lasts so long, in seconds; absent: it is over as it happens. */
  readonly lastsS?: number | undefined;
  /** It lasts at least until the screen says this. */
  readonly says?: RegExp | undefined;
  end?(scene: Scene): Promise<void>;
  /** From its end until the page shows what was made then, and is live again; why it may take that long is said with each. */
  readonly boundS: number;
}

/** A change takes a second to the page where nothing is wrong and the machine is busy. */
const followS = 1;
/** All kinds are read anew, as at a start. */
const readS = 2;
const endless = 1_000_000;
const retryAfterSeconds = 1;

export const faults: readonly Fault[] = [
  {
    name: "connection cut mid-watch",
    begin: told({ do: "cut", what: "watches" }),
    // Half a second until the first try.
    boundS: 0.5 + followS,
  },
  {
    name: "connection cut mid-page",
    begin: told(
      { do: "streaming-lists", mode: "off" },
      { do: "compact" },
      { do: "cut", what: "pages", resource: "pods", times: 2 },
      { do: "cut", what: "watches" },
    ),
    // After the watch, its history and the list (a GET is sent twice), each time twice as long.
    boundS: 0.5 + 1 + 2 + readS + followS,
  },
  {
    name: "connection cut mid-list, where lists are streams",
    begin: told(
      { do: "compact" },
      { do: "cut", what: "streams", resource: "pods" },
      { do: "cut", what: "watches" },
    ),
    boundS: 0.5 + 1 + 2 + readS + followS,
  },
  {
    name: "410 in a loop, 20 s",
    begin: told(
      { do: "streaming-lists", mode: "off" },
      { do: "gone", resource: "pods", times: endless },
      { do: "end-watches", resource: "pods" },
    ),
    lastsS: 20,
    end: told({ do: "heal" }),
    // Each try doubles the wait: after 20 s the one under way is of at most 16.
    boundS: 16 + followS,
  },
  {
    name: `429 for a minute, Retry-After: ${retryAfterSeconds}`,
    begin: told({ do: "throttle", times: endless, retryAfterSeconds }, { do: "end-watches" }),
    lastsS: 60,
    end: told({ do: "heal" }),
    // As long as the server says, and a fifth more by chance; then all kinds come at once.
    boundS: 1.2 * retryAfterSeconds + readS + followS,
  },
  {
    name: "one kind forbidden while it is watched",
    begin: told(
      { do: "forbid", resource: "networkpolicies", verbs: ["list", "watch"] },
      { do: "end-watches", resource: "networkpolicies" },
    ),
    says: /not read/,
    end: told({ do: "permit", resource: "networkpolicies" }),
    // It is believed after 10 s and a try that waits for up to 16, and then asked for again every two minutes.
    boundS: 16 + 120 + followS,
  },
  {
    name: "a watch that goes silent",
    begin: told({ do: "silence", resource: "pods" }),
    // Nothing but time tells it from a quiet one: bookmarks come about every minute, and for some kinds never.
    boundS: 90 + 0.5 + followS,
  },
  {
    name: "a network that swallows every packet, 40 s",
    begin: told({ do: "mute", on: true }),
    lastsS: 40,
    says: /Stale/,
    end: told({ do: "mute", on: false }),
    // The try under way is given up after 15 s, the next one comes after at most as long.
    boundS: 15 + 15 + followS,
  },
  {
    name: "malformed JSON in a watch, 3 events",
    begin: told({ do: "malformed", resource: "pods", times: 3 }),
    lastsS: 5,
    end: told({ do: "heal" }),
    // The event comes again with the watch, begun again after a try or two.
    boundS: 0.5 + 1 + 2 + followS,
  },
  {
    name: "the page's network cut, 15 s",
    begin: ({ context }) => context.setOffline(true),
    lastsS: 15,
    says: /Connection lost/,
    end: ({ context }) => context.setOffline(false),
    boundS: followS,
  },
  {
    name: "a laptop that slept: the server stopped for 75 s, its connections dead",
    async begin(scene) {
      await told({ do: "silence" })(scene);
      process.kill(scene.pid, "SIGSTOP");
      await told({ do: "compact" })(scene);
    },
    lastsS: 75,
    says: /Connection lost/,
    async end({ pid }) {
      process.kill(pid, "SIGCONT");
    },
    // It looks at the clock every five seconds; the page comes back after at most four.
    boundS: 5 + 4 + followS,
  },
];

function told(...commands: readonly CommandInput[]): Fault["begin"] {
  return async ({ control }) => {
    for (const command of commands) await control(command);
  };
}
