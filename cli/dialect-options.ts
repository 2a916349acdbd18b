import { type Command, Option } from "commander";

/** What the network plugin does that no object shows; left out: what the cluster shows, else unknown. */
export interface DialectOptions {
  readonly ipBlockMatchesPods?: "yes" | "no";
  readonly ipBlockMatchesNodes?: "yes" | "no";
  readonly hostNetwork?: "as-node" | "as-pod";
}

/** The same options for whatever answers questions, on screen or here. */
export function withDialect(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--ip-block-matches-pods <answer>",
        "whether the network plugin takes an ipBlock to mean pods' addresses too (default: what the cluster shows)",
      ).choices(["yes", "no"]),
    )
    .addOption(
      new Option(
        "--ip-block-matches-nodes <answer>",
        "whether it takes one to mean nodes' addresses too (default: what the cluster shows)",
      ).choices(["yes", "no"]),
    )
    .addOption(
      new Option(
        "--host-network <way>",
        "whether policies see pods on their node's network as the node or as pods (default: what the cluster shows)",
      ).choices(["as-node", "as-pod"]),
    );
}

/** What was given, under the names of the environment's variables: what the command line asks for wins over these. */
export function dialectEnv({
  ipBlockMatchesPods,
  ipBlockMatchesNodes,
  hostNetwork,
}: DialectOptions): Readonly<Record<string, string>> {
  const given = {
    THROUGHLINE_IP_BLOCK_MATCHES_PODS: ipBlockMatchesPods,
    THROUGHLINE_IP_BLOCK_MATCHES_NODES: ipBlockMatchesNodes,
    THROUGHLINE_HOST_NETWORK: hostNetwork,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
