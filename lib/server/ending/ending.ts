const key: unique symbol = Symbol.for("throughline.ending");
const holder: typeof globalThis & { [key]?: AbortController } = globalThis;

/**
 * Aborted once this process has been told to end: it is not ready for anything new, and streams send their readers to
 * whoever comes after it. On `globalThis`, as the registry of clusters is: who is told and who asks are bundled apart.
 */
export function ending(): AbortController {
  holder[key] ??= new AbortController();
  return holder[key];
}
