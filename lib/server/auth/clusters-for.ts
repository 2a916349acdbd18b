/**
 * The clusters as one person sees them. Every page, answer and stream comes through here, and nowhere else in the server
 * is the registry asked on somebody's behalf (a test holds it to that).
 */
import type { ClusterSummary, Clusters } from "../clusters.ts";
import { clusters } from "../clusters.ts";
import { assertPassed } from "../gate/passed.ts";
import type { Answers } from "../session/answers.ts";
import type { Current, Session } from "../session/session.ts";
import { accessSettings } from "./access.ts";
import type { AccessSettings } from "./auth-settings.ts";
import { forEverybodyHeader, type Identity, readIdentity } from "./identity.ts";
import { askRights, type Rights, seesEverything } from "./rights.ts";
import { snapshotFor } from "./view.ts";

/** A session as one person sees it. */
export interface SessionView extends Pick<Session, "current" | "answers" | "follow" | "readAgain"> {
  readonly source: Session["source"];
  /** The same for all who see the same. */
  viewKey(): string;
}

export interface ClustersView
  extends Pick<Clusters, "list" | "nearest" | "freeId" | "defaultId" | "dialect"> {
  get(id: string): SessionView | undefined;
  add(source: Session["source"]): SessionView;
}

/** Rights are asked for again after so long. */
const rightsHoldMs = 60_000;
const reviewTimeoutMs = 30_000;

/** As whoever sent this sees them; the gate has said who that is. */
export function clustersFor(headers: Pick<Headers, "get">): ClustersView {
  assertPassed(headers);
  // What is for everybody says nothing about a cluster. Should a path ever mean one thing to the gate and another to
  // the router behind it, nothing is shown.
  if (headers.get(forEverybodyHeader) !== null)
    throw new Error("a request that nobody was asked for came past the gate");
  const registry = clusters();
  const identity = readIdentity(headers);
  if (identity !== undefined) return viewFor(registry, identity);
  // The gate lets nobody through here without a name; should it ever, nothing is shown.
  if (tellsPeopleApart(accessSettings())) throw new Error("a request without an identity came past the gate");
  return wholeView(registry);
}

/** Whether each person sees what Kubernetes lets them see; else everybody who may come in sees everything. */
export function tellsPeopleApart({ auth }: Pick<AccessSettings, "auth">): boolean {
  return auth.mode === "oidc" || auth.mode === "proxy";
}

/** Nobody is told apart: everybody sees everything. */
function wholeView(registry: Clusters): ClustersView {
  const whole = (session: Session): SessionView => ({
    source: session.source,
    current: () => session.current(),
    answers: (waitMs) => session.answers(waitMs),
    follow: (changed) => session.follow(changed),
    readAgain: (waitMs) => session.readAgain(waitMs),
    viewKey: () => "all",
  });
  return {
    ...registry,
    get(id) {
      const session = registry.get(id);
      return session === undefined ? undefined : whole(session);
    },
    add: (source) => whole(registry.add(source)),
  };
}

/** Who dropped which files; they are theirs alone. By the session, so that it goes when the files go. */
const owners = new WeakMap<Session, string>();

function viewFor(registry: Clusters, identity: Identity): ClustersView {
  const isTheirs = (id: string) => {
    const session = registry.peek(id);
    const owner = session === undefined ? undefined : owners.get(session);
    return owner === undefined || owner === identity.user;
  };
  const list = (): readonly ClusterSummary[] =>
    registry
      .list()
      .filter(({ id }) => isTheirs(id))
      .map(withoutCounts);
  return {
    list,
    nearest: (id) => registry.nearest(id).filter(isTheirs),
    freeId: (name) => registry.freeId(name),
    defaultId: registry.defaultId,
    dialect: registry.dialect,
    get(id) {
      if (!isTheirs(id)) return undefined;
      const session = registry.get(id);
      return session === undefined ? undefined : sessionFor(session, identity);
    },
    add(source) {
      const session = registry.add(source);
      owners.set(session, identity.user);
      return sessionFor(session, identity);
    },
  };
}

/** How far it is read says how much there is. */
function withoutCounts(summary: ClusterSummary): ClusterSummary {
  const { state } = summary;
  return {
    ...summary,
    kinds: undefined,
    state: state.kind === "syncing" ? { ...state, objects: 0 } : state,
  };
}

interface Held {
  readonly rights: Promise<Rights>;
  readonly untilMs: number;
}

/** By session, then by who: their groups count as much as their name. */
const held = new WeakMap<Session, Map<string, Held>>();
/** What a set of rights shows of a set of answers, worked out once for all who have them. */
const views = new WeakMap<Answers, Map<string, Answers>>();

function sessionFor(session: Session, identity: Identity): SessionView {
  let rights: Rights | undefined;
  const shown = ({ state, answers }: Current): Current => ({
    state,
    answers: answers === undefined || rights === undefined ? undefined : viewOf(session, answers, rights),
  });
  const asked = async (current: Current): Promise<Current> => {
    rights = current.answers === undefined ? rights : await rightsIn(session, identity, current.answers);
    return shown(current);
  };
  // Files and the demo know no users: whoever may come in may see them.
  if (session.source.review === undefined) {
    return {
      source: session.source,
      current: () => session.current(),
      answers: (waitMs) => session.answers(waitMs),
      follow: (changed) => session.follow(changed),
      readAgain: (waitMs) => session.readAgain(waitMs),
      viewKey: () => "all",
    };
  }
  return {
    source: session.source,
    current: () => shown(session.current()),
    answers: async (waitMs) => asked(await session.answers(waitMs)),
    readAgain: async (waitMs) => asked(await session.readAgain(waitMs)),
    follow: (changed) => session.follow(changed),
    viewKey: () => rights?.key ?? "none",
  };
}

function rightsIn(session: Session, identity: Identity, answers: Answers): Promise<Rights> {
  const { source } = session;
  const key = JSON.stringify([identity.user, [...identity.groups].sort()]);
  const now = Date.now();
  const known = held.get(session) ?? new Map<string, Held>();
  held.set(session, known);
  for (const [who, { untilMs }] of known) if (untilMs <= now) known.delete(who);
  const before = known.get(key);
  if (before !== undefined) return before.rights;
  const rights = askRights(
    async (asks) => (await source.review?.(identity, asks, AbortSignal.timeout(reviewTimeoutMs))) ?? [],
    answers.facts.index.namespaceNames,
  );
  known.set(key, { rights, untilMs: now + rightsHoldMs });
  rights.catch(() => known.delete(key));
  return rights;
}

function viewOf(session: Session, answers: Answers, rights: Rights): Answers {
  if (seesEverything(rights)) return answers;
  const known = views.get(answers) ?? new Map<string, Answers>();
  views.set(answers, known);
  const before = known.get(rights.key);
  if (before !== undefined) return before;
  const made: Answers = {
    ...session.workOut(snapshotFor(answers.snapshot, rights)),
    version: answers.version,
    etag: `${answers.etag}-${rights.key}`,
  };
  known.set(rights.key, made);
  return made;
}
