/** Sends all of it, and counts what must not be. */
import { chanceFrom } from "../cluster/chance.ts";
import { drop, openTheDoor } from "./at-the-door.ts";
import { type Attack, canary, member } from "./attack.ts";
import { type AttackedServer, attackedServer, type Memory, servedFolder } from "./attacked-server.ts";
import { cookiesOf } from "./cookies.ts";
import { manifests } from "./manifests.ts";
import { type Outcome, patienceMs, send } from "./send.ts";
import { raisedLimits, type Sortie, type Stock, seedOf, sorties, type Target, targets } from "./sorties.ts";

export const faults = ["crash", "5xx", "hang", "let in"] as const;
export type Fault = (typeof faults)[number];

/** One that must not be, with all that it takes to see it again. */
export interface Failure {
  readonly fault: Fault;
  /** The sortie's name, and the number of the case in it. */
  readonly sortie: string;
  readonly number: number;
  readonly detail: string;
}

export interface Growth {
  readonly sortie: string;
  readonly sent: number;
  /** Before, after each quarter of it, and so at the end: each after a garbage collection. */
  readonly memories: readonly Memory[];
}

export interface Report {
  /** Cases, by sortie. */
  readonly sent: Readonly<Record<string, number>>;
  /** Looks at what became of uploads, which are none of the cases. */
  readonly looks: number;
  readonly failures: readonly Failure[];
  readonly growths: readonly Growth[];
  /** By status, of all that were answered; 0: the server hung up without a word. */
  readonly statuses: Readonly<Record<number, number>>;
}

export interface Abuse {
  readonly seed: number;
  readonly total: number;
  /** At once. */
  readonly senders: number;
  readonly only?: readonly string[] | undefined;
  /** One case alone, of every sortie in `only`. */
  readonly number?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly progress?: (what: string) => void;
}

/** What warms the server up before its memory is taken, by other chances than what is counted. */
const warmUp = { seed: 9_999, share: 0.1, least: 50 };

/** Alone, and on a busy machine. */
const longPatienceMs = 15_000;

export async function runAbuse(abuse: Abuse): Promise<Report> {
  const stock: Stock = { manifests: manifests(), cookies: await cookiesOf(Date.now()) };
  const tally = tallyOf(abuse);
  const chosen = sorties.filter(({ name }) => abuse.only === undefined || abuse.only.includes(name));
  const folder = servedFolder();
  try {
    for (const target of new Set(chosen.flatMap((each) => (each.kind === "sent" ? [each.target] : []))))
      await attackTarget(target, chosen, abuse, stock, folder.path, tally);
  } finally {
    folder.remove();
  }
  openTheDoor();
  for (const sortie of chosen)
    if (sortie.kind === "dropped") {
      abuse.progress?.(`${sortie.name}: ${countOf(sortie, abuse)}`);
      await dropAll(sortie, abuse, stock, tally);
    }
  return tally.report();
}

function tallyOf({ progress }: Abuse) {
  const sent: Record<string, number> = {};
  const statuses: Record<number, number> = {};
  const failures: Failure[] = [];
  const growths: Growth[] = [];
  let looks = 0;
  return {
    growths,
    failed(failure: Failure): void {
      failures.push(failure);
      progress?.(`FAILED ${failure.fault}: ${failure.sortie} ${failure.number}: ${failure.detail}`);
    },
    counted(name: string): void {
      sent[name] = (sent[name] ?? 0) + 1;
    },
    looked(): void {
      looks++;
    },
    answered(status: number): void {
      statuses[status] = (statuses[status] ?? 0) + 1;
    },
    report: (): Report => ({ sent, looks, failures, growths, statuses }),
  };
}

type Tally = ReturnType<typeof tallyOf>;
type Sent = Extract<Sortie, { kind: "sent" }>;

async function attackTarget(
  target: Target,
  chosen: readonly Sortie[],
  abuse: Abuse,
  stock: Stock,
  folder: string,
  tally: Tally,
): Promise<void> {
  const own = chosen.filter((each): each is Sent => each.kind === "sent" && each.target === target);
  const start = () =>
    attackedServer({
      ...targets[target],
      ...raisedLimits,
      THROUGHLINE_FILES: folder,
      THROUGHLINE_LOG_LEVEL: "error",
      ...abuse.env,
    });
  let server = await start();
  try {
    await mustAnswer(server, target, stock);
    const silent = tallyOf({ ...abuse, progress: () => {} });
    for (const sortie of own) {
      const count = countOf(sortie, abuse);
      if (abuse.number === undefined) {
        const first = Math.max(warmUp.least, Math.round(count * warmUp.share));
        await sendAll(
          sortie,
          { ...abuse, seed: warmUp.seed },
          { from: 0, to: first },
          () => server,
          stock,
          silent,
        );
      }
      abuse.progress?.(`${sortie.name}: ${count} to a server in mode ${target}`);
      const memories = [await keptBy(server, target)];
      for (let quarter = 0; quarter < 4 && server.crashed() === undefined; quarter++) {
        const part = { from: Math.floor((count * quarter) / 4), to: Math.floor((count * (quarter + 1)) / 4) };
        await sendAll(sortie, abuse, part, () => server, stock, tally);
        if (server.crashed() === undefined) memories.push(await keptBy(server, target));
      }
      if (server.crashed() === undefined) tally.growths.push({ sortie: sortie.name, sent: count, memories });
      else {
        await server.stop();
        server = await start();
      }
    }
    // Whatever came, it goes on serving those whom it is for.
    await mustAnswer(server, target, stock);
  } finally {
    await server.stop();
  }
}

/** So many dropped files are kept. */
const keptFiles = 8;

/** Its memory, with the same files open each time: those that were dropped last are kept, and some are large. */
async function keptBy(server: AttackedServer, target: Target): Promise<Memory> {
  for (let i = 0; i < keptFiles && target === "loopback"; i++) {
    const response = await fetch(`http://${server.host}/api/v1/clusters?name=small-${i}.yaml`, {
      method: "POST",
      body: "apiVersion: v1\nkind: Namespace\nmetadata: {name: small}\n",
    });
    await response.body?.cancel();
  }
  return server.memory();
}

function countOf({ share }: Sortie, { total, number }: Abuse): number {
  return number === undefined ? Math.round(total * share) : 1;
}

async function sendAll(
  sortie: Sent,
  abuse: Abuse,
  { from, to }: { readonly from: number; readonly to: number },
  server: () => AttackedServer,
  stock: Stock,
  tally: Tally,
): Promise<void> {
  let next = from;
  const suspects: { readonly number: number; readonly attack: Attack }[] = [];
  const sender = async () => {
    while (next < to && server().crashed() === undefined) {
      const number = abuse.number ?? next;
      next++;
      const chance = chanceFrom(seedOf(abuse.seed, sortie.name, number));
      let attack: Attack | undefined = sortie.make(chance, server().host, stock, number);
      if (abuse.number !== undefined)
        abuse.progress?.(JSON.stringify(attack.bytes.toString("latin1").slice(0, 4_000)));
      tally.counted(sortie.name);
      while (attack !== undefined) {
        const outcome = await send(server().port, attack);
        if (abuse.number !== undefined) abuse.progress?.(outcome.text.slice(0, 2_000));
        for (const status of outcome.statuses.length === 0 ? [0] : outcome.statuses) tally.answered(status);
        if (outcome.hangs || outcome.ms > patienceMs) suspects.push({ number, attack });
        const fault = faultOf(outcome, attack);
        if (fault !== undefined) tally.failed({ ...fault, sortie: sortie.name, number });
        attack = attack.next?.(outcome.text);
        if (attack !== undefined) tally.looked();
      }
    }
  };
  await Promise.all(Array.from({ length: abuse.number === undefined ? abuse.senders : 1 }, sender));
  const why = server().crashed();
  if (why !== undefined) {
    tally.failed({ fault: "crash", sortie: sortie.name, number: next, detail: `before this number: ${why}` });
    return;
  }
  // What was slow among others is asked again alone: a machine that does other things is slow as well.
  for (const { number, attack } of suspects) {
    const before = await server().work();
    const outcome = await send(server().port, attack, longPatienceMs);
    const workMs = (await server().work()) - before;
    // One that does other things as well keeps the server waiting, not the other way about.
    if (outcome.hangs || (outcome.ms > patienceMs && workMs > patienceMs))
      tally.failed({
        fault: "hang",
        sortie: sortie.name,
        number,
        detail: `${Math.round(workMs)} ms of work for ${excerpt(attack)}`,
      });
  }
}

function faultOf({ statuses, text }: Outcome, attack: Attack): Pick<Failure, "fault" | "detail"> | undefined {
  const status = statuses.find((each) => each >= 500);
  if (status !== undefined)
    return { fault: "5xx", detail: `${status} for ${excerpt(attack)}: ${text.slice(-300)}` };
  // Of `/auth/me`: somebody is taken for another, or to be in a group that the proxy did not say.
  const me = /\{"mode":"\w+","user":"([^"]*)","groups":(\[[^\]]*\])/.exec(text);
  const isAnother = me !== null && (me[1] !== member || me[2] !== '["payments"]');
  const isSignedIn = /^set-cookie: throughline-session=[^;\s]/im.test(text);
  const sees = !attack.maySee && text.includes(canary);
  return isAnother || isSignedIn || sees
    ? { fault: "let in", detail: `${excerpt(attack)}: ${me?.[0] ?? text.slice(0, 300)}` }
    : undefined;
}

function excerpt({ bytes }: Attack): string {
  return JSON.stringify(bytes.subarray(0, 400).toString("latin1"));
}

async function dropAll(
  sortie: Extract<Sortie, { kind: "dropped" }>,
  abuse: Abuse,
  stock: Stock,
  tally: Tally,
): Promise<void> {
  for (let i = 0; i < countOf(sortie, abuse); i++) {
    const number = abuse.number ?? i;
    const again = () => {
      const chance = chanceFrom(seedOf(abuse.seed, sortie.name, number));
      const dropped = sortie.make(chance, stock, number);
      if (abuse.number !== undefined)
        abuse.progress?.(`${dropped.name} ${JSON.stringify(dropped.bytes.toString("utf8").slice(0, 4_000))}`);
      return drop(chance, dropped);
    };
    tally.counted(sortie.name);
    const failed = (fault: Fault, detail: string) =>
      tally.failed({ fault, sortie: sortie.name, number, detail });
    try {
      for (const { what, status, ms, text } of await again()) {
        tally.answered(status);
        if (what !== "upload") tally.looked();
        if (status >= 500) failed("5xx", `${what}: ${text.slice(0, 300)}`);
        if (ms > patienceMs && (await again()).some((step) => step.what === what && step.ms > patienceMs))
          failed("hang", `${what}: ${Math.round(ms)} ms`);
      }
    } catch (error) {
      failed("crash", error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}

/** Those whom it is for get their answer: else nothing that is counted would say anything. */
async function mustAnswer({ host }: AttackedServer, target: Target, { cookies }: Stock): Promise<void> {
  const headers: Readonly<Record<Target, Readonly<Record<string, string>>>> = {
    loopback: {},
    token: { authorization: `Bearer ${targets.token.THROUGHLINE_TOKEN}` },
    oidc: { cookie: `throughline-session=${cookies.whole}` },
    proxy: { "x-forwarded-user": member, "x-forwarded-groups": "payments" },
  };
  const response = await fetch(`http://${host}/api/v1/clusters/files/graph`, { headers: headers[target] });
  const text = await response.text();
  if (!response.ok || !text.includes(canary))
    throw new Error(`in mode ${target} the server answers nobody: ${response.status} ${text.slice(0, 300)}`);
}
