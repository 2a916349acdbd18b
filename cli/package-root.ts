import path from "node:path";

/** The folder of package.json: both `cli/` in the repository and `dist/` in the package lie right below it. */
export const packageRoot = path.resolve(import.meta.dirname, "..");
