#!/usr/bin/env node
/** The `throughline` command. */
import path from "node:path";
import { createProgram } from "./program.ts";

/** kubectl runs `kubectl-throughline` for `kubectl throughline`. */
const isPlugin = path.basename(process.argv[1] ?? "") === "kubectl-throughline";

try {
  await createProgram(isPlugin ? "kubectl throughline" : "throughline").parseAsync();
} catch (error) {
  // Left to Node this would end with 1, which is an answer here.
  console.error("throughline: This is a bug in Throughline; please report it with these lines.");
  console.error(error);
  process.exitCode = 2;
}
