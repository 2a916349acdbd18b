/** The part of what a check is handed that Ingresses, Gateways and their routes tell together: see `given.ts`. */
import type { Facts } from "#lib/engine/facts.ts";
import { type ControllerPresence, controllerPresence } from "#lib/engine/ingress-controllers.ts";
import { type HostConflict, hostConflicts } from "#lib/engine/routing/host-conflicts.ts";
import { proxyServiceOf } from "#lib/engine/routing/proxies.ts";
import { type ShadowedPath, shadowedPaths } from "#lib/engine/routing/shadowed-paths.ts";
import { type ShadowedRule, shadowedRules } from "#lib/engine/routing/shadowed-rules.ts";
import { worldOf } from "#lib/engine/trace/world.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Service } from "#lib/model/objects.ts";
import type { PluralKind } from "#lib/model/snapshot.ts";
import type { IfAll } from "./given.ts";

export type EntryGiven<Sure extends PluralKind, Any extends PluralKind> = IfAll<
  Sure,
  "pods",
  {
    /** Whether the controller that an IngressClass names runs in the cluster. */
    readonly controllerPresence: (controller: string) => Generator<undefined, ControllerPresence>;
  }
> &
  IfAll<
    Any,
    "gateways" | "services" | "pods",
    {
      /** The Service in front of a Gateway's proxy; undefined where none was found. */
      readonly proxyService: (gateway: ObjectId) => Service | undefined;
    }
  > &
  IfAll<
    Any,
    "ingresses" | "ingressClasses",
    {
      /** Paths of Ingresses that others come before. */
      readonly shadowedPaths: () => readonly ShadowedPath[];
    }
  > &
  IfAll<
    Any,
    "networkPolicies" | "pods" | "daemonSets",
    {
      /** False where no network plugin that enforces policies was found; true where one was, or that is not known. */
      readonly isEnforced: () => boolean;
    }
  > &
  IfAll<
    Any,
    "ingresses" | "ingressClasses" | "gateways" | "listenerSets" | "namespaces" | "httpRoutes",
    {
      /** Hosts and paths that several Ingresses, or an Ingress and a route, claim. */
      readonly hostConflicts: () => readonly HostConflict[];
    }
  > &
  IfAll<
    Any,
    "gateways" | "listenerSets" | "namespaces" | "httpRoutes",
    {
      /** Rules of routes that others with the same match come before. */
      readonly shadowedRules: () => readonly ShadowedRule[];
    }
  >;

/** All of it; `EntryGiven` says what a check may see. */
export function givenOfEntries(facts: Facts) {
  return {
    controllerPresence: (controller: string) => controllerPresence(facts.index, controller),
    proxyService: (gateway: ObjectId) => proxyServiceOf(facts, gateway),
    isEnforced: () => worldOf(facts).enforcement.state !== "none-found",
    hostConflicts: () => hostConflicts(facts),
    shadowedPaths: () => shadowedPaths(facts),
    shadowedRules: () => shadowedRules(facts),
  };
}
