#!/usr/bin/env node
/** The `throughline` command. */
import { createProgram } from "./program.ts";

await createProgram().parseAsync();
