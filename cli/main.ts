#!/usr/bin/env node
/** The `throughline` command. */
import { createProgram } from "./program.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  // Left to Node this would end with 1, which is an answer here.
  console.error("throughline: This is a bug in Throughline; please report it with these lines.");
  console.error(error);
  process.exitCode = 2;
}
