import { shown } from "./shown.ts";

/** Says why the command cannot run, and ends the process with 2. */
export function fail(...lines: readonly string[]): never {
  console.error(shown(`throughline: ${lines.join("\n  ")}`));
  process.exit(2);
}

/** Ends the process on a Node that lacks what reading clusters needs. */
export function requireNode(): void {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major >= 22) return;
  fail(
    `Node ${process.versions.node} is too old to read clusters. Run it with npm start or npx, which bring Node 24 along.`,
  );
}
