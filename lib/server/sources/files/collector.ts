import { allKinds, type Kind, kindFromApi, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import { type Problem, type Snapshot, type Unread, workloadPlurals } from "#lib/model/snapshot.ts";
import type { SnapshotParts } from "../assemble-snapshot.ts";
import { apiGroupOf } from "../objects/api-group.ts";
import { faultsToTell } from "../objects/policy-shapes.ts";
import { readObject } from "../objects/read-object.ts";
import { bundleNotes } from "./bundle-notes.ts";
import type { FileRole } from "./bundle-path.ts";
import type { Found } from "./found.ts";
import type { Limits } from "./limits.ts";
import { newestTime } from "./newest-time.ts";
import { writtenBy } from "./server-made.ts";
import { isMapping } from "./unwrap.ts";

export interface GivenAs {
  /** Undefined: told from what the objects carry. */
  readonly origin?: Snapshot["origin"] | undefined;
  /** Whoever gives it knows that a kind which does not occur does not exist. */
  readonly whole?: true | undefined;
}

/** Gathers what is found in files, until all of it can be put together into a snapshot. */
export interface Collector {
  /** Takes what was found in a file. */
  take(found: Found, file: string): void;
  /** Takes note of a file's place in a support bundle; `json` is the file's content where the role is not of objects. */
  note(role: FileRole, json: unknown): void;
  problem(problem: Problem): void;
  /** Takes note that something given was not read, so that objects of any kind may be missing. */
  missing(problem: Problem): void;
  readonly objects: number;
  /** Documents that were no Kubernetes object, or of a kind that is not read. */
  readonly others: number;
  /** Whether anything was learnt of a cluster: an object, an empty list, or why a kind is not there. */
  readonly foundAnything: boolean;
  finish(given: GivenAs): SnapshotParts;
}

export function collector(limits: Pick<Limits, "problems">): Collector {
  const objects: ClusterObject[] = [];
  const problems: Problem[] = [];
  const templates = new Set<string>();
  const listed = new Set<PluralKind>();
  /** Kinds of which something given could not be used, and the first reason. */
  const partial = new Map<PluralKind, string>();
  let cutAnywhere: string | undefined;
  const bundle = bundleNotes();
  let untold = 0;
  let others = 0;
  let byServer = false;
  let byHand = false;

  const problem = (given: Problem): void => {
    if (problems.length < limits.problems) problems.push(given);
    else untold++;
  };

  const incomplete = (some: readonly Kind[], message: string): void => {
    for (const kind of some) if (!partial.has(kinds[kind].plural)) partial.set(kinds[kind].plural, message);
  };

  const template = (file: string, line: number): void => {
    if (templates.has(file)) return;
    templates.add(file);
    const why =
      "It is a template ({{ … }}), not an object yet. Render it first, for example with helm template.";
    problem({ kind: "skipped", where: file, line, why });
  };

  const takeObject = (found: Extract<Found, { kind: "object" }>, file: string): void => {
    const outcome = readObject(found.value, { file, line: found.line });
    switch (outcome.kind) {
      case "object":
        objects.push(outcome.object);
        byServer ||= writtenBy(found.value) === "server";
        byHand ||= writtenBy(found.value) === "hand";
        for (const fault of faultsToTell(outcome.object))
          problem({ ...fault, where: file, line: found.line });
        break;
      case "invalid": {
        const apiKind = isMapping(found.value) ? found.value.kind : undefined;
        incomplete(kindsCalled(apiKind), `${outcome.subject} in ${file} could not be read.`);
        if (found.templated) {
          template(file, found.line);
        } else {
          const why = `${outcome.path} ${outcome.why}.`.trim();
          problem({
            kind: "invalid",
            where: file,
            line: found.line,
            why,
            subject: outcome.subject || undefined,
          });
        }
        break;
      }
      case "ignored":
        others++;
        if (outcome.apiKind === "CustomResourceDefinition" && isMapping(found.value)) bundle.crd(found.value);
        break;
    }
  };

  return {
    take(found, file) {
      switch (found.kind) {
        case "object":
          takeObject(found, file);
          break;
        case "list": {
          const kind = kindOfList(found.apiVersion, found.itemKind);
          if (kind !== undefined) listed.add(kinds[kind].plural);
          if (found.itemKind === "CustomResourceDefinition") bundle.crdsListed();
          break;
        }
        case "lost":
          incomplete(
            kindsCalled(found.apiKind),
            `Something of kind ${found.apiKind} in ${file} could not be read.`,
          );
          if (found.templated) template(file, found.line);
          else problem({ kind: "invalid", where: file, line: found.line, why: found.why });
          break;
        case "cut": {
          const message = `${file} is cut short, so there may be more.`;
          if (found.itemKind === undefined) cutAnywhere ??= message;
          else incomplete(kindsCalled(found.itemKind), message);
          problem({ kind: "invalid", where: file, line: found.line, why: found.why });
          break;
        }
        case "too-large":
          cutAnywhere ??= `Something in ${file} is too large to be read.`;
          problem({ kind: "limit", where: file, line: found.line, why: found.why });
          break;
        case "other":
          others++;
          break;
        case "step":
          break;
      }
    },
    note(role, json) {
      bundle.note(role, json);
    },
    problem,
    missing(given) {
      problem(given);
      cutAnywhere ??= `${given.where}: ${given.why}`;
    },
    get objects() {
      return objects.length;
    },
    get others() {
      return others;
    },
    get foundAnything() {
      return objects.length > 0 || listed.size > 0 || bundle.saysAnything();
    },
    finish(given) {
      const collected = given.origin === "dump" || byServer || listed.size > 0 || bundle.saysAnything();
      const origin = given.origin ?? (collected || byHand ? "dump" : "manifests");
      const read = new Set([
        ...listed,
        ...objects.map((object) => kinds[object.kind].plural),
        ...bundle.readAndEmpty(),
      ]);
      const unread: { [P in PluralKind]?: Unread } = {};
      for (const [plural, message] of partial) unread[plural] = { reason: "failed", message };
      if (origin === "manifests") {
        const workloads = workloadPlurals.map((plural) => unread[plural]).find((why) => why !== undefined);
        // Templates stand for pods, so that a lost Deployment is lost pods.
        if (workloads !== undefined) unread.pods ??= workloads;
      }
      if (cutAnywhere !== undefined) {
        for (const plural of origin === "dump" ? read : allKinds.map((kind) => kinds[kind].plural)) {
          unread[plural] ??= { reason: "failed", message: cutAnywhere };
        }
      }
      if (origin === "dump") Object.assign(unread, { ...bundle.unread(objects), ...unread });
      const told: readonly Problem[] =
        untold === 0
          ? problems
          : [
              ...problems,
              { kind: "limit", where: "all files", why: `${untold} more problems are not told one by one.` },
            ];
      return {
        objects,
        unread,
        problems: told,
        origin,
        takenAt: origin === "dump" ? newestTime(objects) : undefined,
        version: bundle.version(),
        // A folder of manifests is the whole truth about itself: what it does not hold will not be applied. The same
        // goes for text that is given as a cluster, and for a cluster that someone wrote down by hand. A dump holds what
        // someone chose to collect.
        complete: origin === "dump" && given.whole !== true && collected ? [...read] : true,
      };
    },
  };
}

/** Of what could not be read its group is not known: every kind of that name, since several APIs have a NetworkPolicy. */
function kindsCalled(apiKind: unknown): readonly Kind[] {
  if (apiKind === "Endpoints") return ["endpoint-slice"];
  return allKinds.filter((kind) => kinds[kind].api === apiKind);
}

function kindOfList(apiVersion: string, itemKind: string): Kind | undefined {
  if (apiVersion === "v1" && itemKind === "Endpoints") return "endpoint-slice";
  return kindFromApi(apiGroupOf(apiVersion), itemKind);
}
