import { AsyncLocalStorage } from "node:async_hooks";

/** What the gate knows of the request that is being answered, for the log. */
export interface InRequest {
  readonly id: string;
  /** `/api/v1/clusters/{id}/graph` */
  readonly route: string;
  /** The address at the other end of the connection. */
  readonly peer: string | undefined;
  /** A pseudonym of who asks; undefined where nobody is told apart. */
  who?: string | undefined;
  /** By name, for audit lines alone. */
  user?: string | undefined;
}

const key: unique symbol = Symbol.for("throughline.in-request");
const holder: typeof globalThis & { [key]?: AsyncLocalStorage<InRequest> } = globalThis;

/** On `globalThis`, as the registry of clusters is: the gate and the handlers are bundled apart. */
function storage(): AsyncLocalStorage<InRequest> {
  holder[key] ??= new AsyncLocalStorage();
  return holder[key];
}

export function runInRequest<T>(request: InRequest, run: () => T): T {
  return storage().run(request, run);
}

/** Undefined where no request is being answered, or the gate is not there. */
export function inRequest(): InRequest | undefined {
  return storage().getStore();
}
