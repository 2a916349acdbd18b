import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { packageRoot } from "./package-root.ts";

const manifest = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8")));

/** The package's version: the one place where it stands is package.json. */
export const version = manifest.version;
