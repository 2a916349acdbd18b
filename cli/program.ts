import { Command, InvalidArgumentError, Option } from "commander";
import type { AssertOptions } from "./assert-command.ts";
import type { CheckOptions } from "./check-command.ts";
import { withDialect } from "./dialect-options.ts";
import { start } from "./start.ts";
import type { TraceOptions } from "./trace-command.ts";
import { version } from "./version.ts";

/**
 * The command's shape: one subcommand a question, the same options for where to look. Exit codes: 0 done or answered as
 * hoped, 1 answered otherwise (`trace`, `assert`) or found something (`check`), 2 could not run.
 */
export function createProgram(name = "throughline"): Command {
  const program = new Command(name)
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
  throughline check ./manifests                 what is broken or will be, and the smallest fix of each
  throughline trace shop/deployment/frontend shop/service/cart
                                                one question: does it get there, and if not, where does it stop
  throughline assert expectations.yaml --files ./manifests
                                                many questions with the answers that you expect, for CI

Throughline only reads: it asks the API server for get, list and watch, and sends nothing anywhere else.`,
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

  withDialect(
    withSource(
      program.command("start", { isDefault: true }).description("serve the dashboard (the default command)"),
    ),
  )
    .option(
      "--host <address>",
      "address to listen on; anything but loopback shows the cluster to the network",
      "127.0.0.1",
    )
    .option("--port <number>", "port to listen on; 0 takes a free one", parsePort, 3000)
    .option("--config <file>", "what to ignore (default: .throughline.yaml in the working directory)")
    .option("--json", "print one line of JSON with the address instead of words")
    .addHelpText(
      "after",
      `
What is shown first: --demo, else --files, else --context, else the kubeconfig's current context, else (in a pod)
its service account, else the demo. All contexts can be chosen on the page.
What the network plugin does is taken from the cluster where it shows; the options for it are for all clusters.`,
    )
    .action(start);

  withFiles(
    program
      .command("check")
      .description("look for what is broken, grouped by cause, with the smallest fix of each")
      .argument("[path]", "a file, folder or archive of manifests or dumps; - reads standard input"),
  )
    .addOption(
      new Option("--fail-on <severity>", "end with 1 from this severity on")
        .choices(["error", "warning", "info", "never"])
        .default("error"),
    )
    .option(
      "--only <check>",
      "only these checks, by code (NET-101) or name; commas or several times",
      eachWord,
    )
    .option(
      "--namespace <name>",
      "only what concerns these namespaces, with its causes; commas or several times",
      eachWord,
    )
    .addOption(
      new Option("--output <form>", "how to write it")
        .choices(["text", "json", "sarif", "junit", "markdown"])
        .default("text"),
    )
    .option(
      "--config <file>",
      "what to ignore (default: .throughline.yaml beside the files or in the working directory)",
    )
    .option("--strict", "end with 2 where nothing failed, but not everything could be read and judged")
    .addHelpText(
      "after",
      `
What follows from one another is one problem: its cause first, then what it brings about. text is for a terminal,
markdown for a comment on a pull request, sarif for a code host, junit for a CI system's test view.

Examples:
  throughline check ./manifests
  throughline check ./manifests --fail-on warning --output sarif > throughline.sarif
  throughline check --context prod-eu --namespace shop
  helm template shop ./chart | throughline check - --output markdown
  throughline check dump.yaml --only NET-101,NET-102
  throughline check --demo --fail-on never

To leave a finding out, annotate its object or namespace with throughline.dev/ignore: NET-101, or write a rule into
.throughline.yaml (docs/ignoring.md). It is still counted.
Exit codes: 0 nothing as severe as --fail-on says; 1 something; 2 could not run (a cluster or files that cannot be read, a
check or namespace that does not exist).
${whereToLook}`,
    )
    .action(async (path: string | undefined, options: CheckOptions) =>
      (await import("./check-command.ts")).checkCommand(path, options),
    );

  withAsking(
    program
      .command("trace")
      .description("say whether one end reaches another, or where it stops")
      .argument("<from>", "what sends: a workload, a pod, a node, an IP, a CIDR, or internet")
      .argument("<to>", "what it sends to: a Service, any of those, a DNS name, or a URL")
      .option("--port <port>", "a number or a port's name (default: any port that the target serves)")
      .option("--protocol <name>", "TCP, UDP or SCTP (default: TCP)"),
  )
    .option("--json", "print the whole answer as JSON: every hop with its evidence")
    .addHelpText(
      "after",
      `
Ends: namespace/kind/name (shop/deployment/cart, shop/service/cart), namespace/name (a pod), node/name, an IP, a CIDR,
internet; as <to> also a DNS name as <from> would write it (cart, cart.shop) or a URL (https://shop.example.com/cart).

Examples:
  throughline trace shop/deployment/frontend shop/service/cart
  throughline trace shop/deployment/frontend cart.shop:8080 --context prod-eu
  throughline trace internet https://shop.example.com/cart --files dump.yaml
  throughline trace 10.0.0.0/8 shop/statefulset/redis --port 6379 --files ./manifests
  throughline trace shop/deployment/notifications mail-relay.platform:25 --demo
  throughline trace shop/deployment/cart kube-system/service/kube-dns --port 53 --protocol UDP --demo

Signs: ✓ reachable, ✗ blocked, ~ depends (some paths get there and others do not), ? unknown (something needed could
not be read, or is not defined). It is what the configuration says, not what was seen on the wire.
Exit codes: 0 reachable; 1 blocked, depends or unknown; 2 could not run (a question that cannot be asked, a cluster or
files that cannot be read).
${whereToLook}`,
    )
    .action(async (from: string, to: string, options: TraceOptions) =>
      (await import("./trace-command.ts")).traceCommand(from, to, options),
    );

  withAsking(
    program
      .command("assert")
      .description("ask a file of questions, and compare the answers")
      .argument("<file...>", "YAML or JSON, a list of questions in each document; - reads standard input"),
  )
    .option("--json", "print [{from, to, port, protocol, expect, verdict, pass, hops}] instead of lines")
    .addHelpText(
      "after",
      `
A file of questions:
  - from: shop/deployment/frontend
    to: shop/service/cart
    port: 8080            # a number or a name; left out: any port that the target serves
    protocol: TCP         # the default
    expect: reachable     # or blocked, depends, unknown
  - from: internet
    to: shop/statefulset/redis
    port: 6379
    expect: blocked
The ends are those of throughline trace; throughline trace --help lists them.

Examples:
  throughline assert expectations.yaml --files ./manifests
  throughline assert expectations/*.yaml --context prod-eu
  make-expectations | throughline assert - --files dump.yaml --complete --json

Exit codes: 0 all as expected; 1 an answer differs; 2 could not run: a question is malformed or names something that
does not exist, or a cluster or file cannot be read. What else can be asked is still answered.
${whereToLook}`,
    )
    .action(async (files: string[], options: AssertOptions) =>
      (await import("./assert-command.ts")).assertCommand(files, options),
    );
  return program;
}

const whereToLook = `
What is asked: --demo, else --files, else --context, else the kubeconfig's current context, else (in a pod) its service
account. It is read once. Manifests need no status: a workload's template stands for its pods, taken as running.
--complete is for the output of kubectl get of a cluster without NetworkPolicies, say: kubectl leaves no trace of a kind
of which there are none, so that without it the answer is unknown. Manifests and support bundles do not need it.`;

/** Where to look: the same options for every subcommand. */
function withSource(command: Command): Command {
  return command
    .addOption(new Option("--context <name>", "a context of the kubeconfig").conflicts(["files", "demo"]))
    .addOption(
      new Option(
        "--files <path>",
        "a file, folder or archive of manifests or dumps; - reads standard input",
      ).conflicts(["context", "demo"]),
    )
    .addOption(new Option("--demo", "the built-in demo cluster").conflicts(["context", "files"]));
}

/** Where to look, and whether files are all there is. */
function withFiles(command: Command): Command {
  return withSource(command).addOption(
    new Option(
      "--complete",
      "take the files as all there is: a kind of which they hold nothing does not exist",
    ).conflicts(["context", "demo"]),
  );
}

/** Where to look, and how to take what is found there: the same options for whatever asks questions. */
function withAsking(command: Command): Command {
  return withDialect(withFiles(command));
}

/** Of `--only NET-101,NET-102 --only NET-201`, each. */
function eachWord(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(",").filter((word) => word !== "")];
}

function parsePort(text: string): number {
  // Number() would take an empty word for 0, and "0x50" for 80.
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
  return Number(text);
}
