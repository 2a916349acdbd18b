import type { Evidence, Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { BackendFact } from "../facts.ts";

/** A request as far as Ingresses and routes look at it. */
export interface HttpRequest {
  /** `grpc` and `grpcs` are met by GRPCRoutes (where the host has none, by HTTPRoutes), the others by HTTPRoutes. */
  readonly scheme: "http" | "https" | "grpc" | "grpcs";
  /** Lower case, without a port and without a final dot. */
  readonly host: string;
  readonly port: number;
  /** Begins with a slash. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  readonly method: string;
}

/** A Gateway or Ingress through which requests for a host come in, and what it does with this one. */
export interface HttpWay {
  /** The Gateway or the Ingress. */
  readonly entry: ObjectId;
  /** "Gateway edge/public, listener http (port 80)", "Ingress boutique/admin (class nginx)". */
  readonly words: string;
  /** From its status, IPs and host names; empty: none yet; undefined: no status was given (manifests). */
  readonly addresses: readonly string[] | undefined;
  readonly answer: HttpAnswer;
  /** Worth knowing, and no blocker: "Secrets are not read, so its certificate is not checked", "It has no certificate: the Secret shop/tls does not exist". */
  readonly remarks: readonly string[];
}

/** Where in an Ingress or route it was decided. */
export interface RuleRef {
  readonly object: ObjectId;
  /** Field path: `spec.rules[0].http.paths[1]`, `spec.rules[2]`. */
  readonly path: string;
  /** "Prefix /cart", "PathPrefix / (the longest that matches)", "default backend". */
  readonly words: string;
}

export type HttpAnswer =
  /** `backends` share the requests; never empty. */
  | { readonly kind: "backends"; readonly rule: RuleRef; readonly backends: readonly WeightedBackend[] }
  /** The entry answers by itself, with a redirect. */
  | { readonly kind: "redirect"; readonly rule: RuleRef; readonly sentence: string }
  /** Nobody serves it: 404, or no connection at all. */
  | {
      readonly kind: "refused";
      /** The Gateway API's own reason where there is one (NotAllowedByListeners), else a word of the same kind (NoMatchingRule). */
      readonly reason: string;
      readonly sentence: string;
      /** What is at fault: the route that is not attached, the Ingress without a class. */
      readonly object: ObjectId;
      readonly evidence: readonly Evidence[];
      readonly nearMiss?: string | undefined;
      readonly fix?: Fix | undefined;
    }
  /** Something that decides could not be read, or the standard leaves it to the implementation. */
  | {
      readonly kind: "unknown";
      readonly sentence: string;
      readonly objects: readonly ObjectId[];
      /** What it comes to if the doubt is settled in the entry's favour: the class is there, the route is attached. */
      readonly likely?: HttpAnswer | undefined;
    };

export interface WeightedBackend {
  readonly fact: BackendFact;
  /** Its share of the requests, above 0 and at most 1. */
  readonly share: number;
  /** What would mend it, where its state is a fault of the reference itself (missing, port, not permitted). */
  readonly fix?: Fix | undefined;
}

/**
 * What an entry has to do with a host: it names it; only a wildcard covers it, and nothing behind that takes the request;
 * or it takes every host.
 */
export type HostClaim = "names-host" | "covers-host" | "takes-all";
