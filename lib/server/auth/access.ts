import { type AccessSettings, readAccess } from "./auth-settings.ts";

const key: unique symbol = Symbol.for("throughline.access");
const holder: typeof globalThis & { [key]?: AccessSettings | undefined } = globalThis;

/**
 * Who may come in, read once for the process; it hangs on `globalThis` as the registry of clusters does. Throws where
 * the settings are invalid: whoever starts the server checks them.
 */
export function accessSettings(): AccessSettings {
  holder[key] ??= fromEnvironment();
  return holder[key];
}

function fromEnvironment(): AccessSettings {
  const result = readAccess(process.env);
  if (result.kind === "invalid") throw new Error(result.problems.join(" "));
  return result.access;
}
