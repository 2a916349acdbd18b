import type { Command } from "./commands.ts";

type Counted = Extract<Command, { times: number }>;

/** What was asked to happen to the next so many requests or events. */
export class Faults {
  #waiting: { readonly command: Counted; left: number }[] = [];

  add(command: Counted): void {
    this.#waiting.push({ command, left: command.times });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The first one that fits, counted down; undefined: nothing is to go wrong. */
  take<Do extends Counted["do"]>(
    what: Do,
    resource: string,
    fits: (command: Extract<Counted, { do: Do }>) => boolean = () => true,
  ): Extract<Counted, { do: Do }> | undefined {
    for (const fault of this.#waiting) {
      const { command } = fault;
      if (!isOf(command, what) || !fits(command)) continue;
      if (command.resource !== undefined && command.resource !== resource) continue;
      fault.left--;
      this.#waiting = this.#waiting.filter(({ left }) => left > 0);
      return command;
    }
    return undefined;
  }
}

function isOf<Do extends Counted["do"]>(command: Counted, what: Do): command is Extract<Counted, { do: Do }> {
  return command.do === what;
}
