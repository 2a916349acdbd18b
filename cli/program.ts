import { Command, InvalidArgumentError, Option } from "commander";
import { start } from "./start.ts";
import { version } from "./version.ts";

/**
 * The command's shape: one subcommand a question, the same options for where to look. Exit codes: 0 done,
 * 1 answered and not as hoped (for `check` and `assert`), 2 could not run.
 */
export function createProgram(): Command {
  const program = new Command("throughline")
    .description("See how traffic flows through a Kubernetes cluster, and exactly where it stops.")
    .version(version)
    .showHelpAfterError("(throughline --help shows what there is)")
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText(
      "after",
      `
Examples:
  throughline                                   the current kubeconfig context, or the demo where there is none
  throughline start --context prod-eu           another context
  throughline start --files ./manifests         a folder of manifests
  throughline start --files support-bundle.tgz  a support bundle, a must-gather, a kubectl dump
  throughline start --demo --port 8080          the built-in demo

Throughline only reads: it asks the API server for get and list, and sends nothing anywhere else.`,
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

  withSource(
    program.command("start", { isDefault: true }).description("serve the dashboard (the default command)"),
  )
    .option(
      "--host <address>",
      "address to listen on; anything but loopback shows the cluster to the network",
      "127.0.0.1",
    )
    .option("--port <number>", "port to listen on; 0 takes a free one", parsePort, 3000)
    .option("--json", "print one line of JSON with the address instead of words")
    .addHelpText(
      "after",
      `
What is shown first: --demo, else --files, else --context, else the kubeconfig's current context, else (in a pod)
its service account, else the demo. All contexts can be chosen on the page.`,
    )
    .action(start);
  return program;
}

/** Where to look: the same options for every subcommand. */
function withSource(command: Command): Command {
  return command
    .addOption(new Option("--context <name>", "a context of the kubeconfig").conflicts(["files", "demo"]))
    .addOption(
      new Option("--files <path>", "a file, folder or archive of manifests or dumps").conflicts([
        "context",
        "demo",
      ]),
    )
    .addOption(new Option("--demo", "the built-in demo cluster").conflicts(["context", "files"]));
}

function parsePort(text: string): number {
  // Number() would take an empty word for 0, and "0x50" for 80.
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
  return Number(text);
}
