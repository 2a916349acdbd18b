/**
 * What the specification leaves to the network plugin (docs/spec/policy.md, 6). `undefined` keeps it open: verdicts
 * that hang on it are unknown, and say so.
 */
export interface Dialect {
  /** 6.1: whether an `ipBlock` matches the addresses of pods. */
  readonly ipBlockMatchesPods: "yes" | "no" | "undefined";
  /** 6.2: whether an `ipBlock` matches the addresses of nodes. */
  readonly ipBlockMatchesNodes: "yes" | "no" | "undefined";
  /**
   * 6.3: `as-node`: policies do not bind pods on their node's network, and others see the node. `as-pod`: they are
   * pods like any other.
   */
  readonly hostNetworkPods: "as-node" | "as-pod" | "undefined";
}

export const undefinedDialect: Dialect = {
  ipBlockMatchesPods: "undefined",
  ipBlockMatchesNodes: "undefined",
  hostNetworkPods: "undefined",
};
