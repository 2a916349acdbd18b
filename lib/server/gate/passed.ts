/**
 * Requests reach this process before the gate stands: Next listens first, then prepares itself, and has those wait that
 * came meanwhile. Each request that the gate let through carries a mark that nobody outside can know, so that one that
 * slipped past it is told apart, whatever it says of itself.
 */
import { randomBytes } from "node:crypto";

export const markHeader = "x-throughline-passed";

const key: unique symbol = Symbol.for("throughline.gate-mark");
const holder: typeof globalThis & { [key]?: string | undefined } = globalThis;

/** The mark of this process's gate; from now on every request has to carry it. */
export function gateMark(): string {
  holder[key] ??= randomBytes(24).toString("base64url");
  return holder[key];
}

/** On a thread that the gate does not stand on: requests that it let through there have to carry its mark here as well. */
export function passWith(mark: string): void {
  holder[key] = mark;
}

/** The request came while the server was still starting; asked again, it is answered. */
export class BeforeGate extends Error {}

/** Throws BeforeGate. No gate was ever installed in a test that calls handlers by themselves: nothing is asked there. */
export function assertPassed(headers: Pick<Headers, "get">): void {
  if (holder[key] !== undefined && headers.get(markHeader) !== holder[key])
    throw new BeforeGate("a request came before the gate stood");
}

/** For tests: as if no gate had been installed. */
export function forgetGate(): void {
  holder[key] = undefined;
}
