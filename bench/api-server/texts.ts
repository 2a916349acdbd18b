import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** JSON texts of objects, added once and read by number. */
export interface Texts {
  /** Gives the number under which it is read. */
  add(text: string): number;
  read(number: number): Buffer;
  close(): void;
}

/** In memory: for the few objects of a test. */
export function textsInMemory(): Texts {
  const texts: Buffer[] = [];
  return {
    add: (text) => texts.push(Buffer.from(text)) - 1,
    read(number) {
      const text = texts[number];
      if (text === undefined) throw new RangeError(`there is no text ${number}`);
      return text;
    },
    close: () => {},
  };
}

const flushAt = 4 * 1024 * 1024;

/**
 * In a file that goes with the process: 150,000 pods are 1.4 GB of JSON, and a server that held them would measure
 * itself. What has been read lately stays in the system's cache.
 */
export function textsOnDisk(): Texts {
  const folder = mkdtempSync(path.join(tmpdir(), "api-server-"));
  const handle = openSync(path.join(folder, "objects"), "w+");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  let places = new Float64Array(1024);
  let count = 0;
  let end = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;

  function flush(): void {
    if (waitingBytes === 0) return;
    writeSync(handle, Buffer.concat(waiting), 0, waitingBytes, end - waitingBytes);
    waiting = [];
    waitingBytes = 0;
  }

  return {
    add(text) {
      const bytes = Buffer.from(text);
      if (count + 1 >= places.length) {
        const more = new Float64Array(places.length * 2);
        more.set(places);
        places = more;
      }
      places[count] = end;
      count++;
      end += bytes.length;
      places[count] = end;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (waitingBytes >= flushAt) flush();
      return count - 1;
    },
    read(number) {
      flush();
      const from = places[number];
      const to = places[number + 1];
      if (number >= count || from === undefined || to === undefined)
        throw new RangeError(`there is no text ${number}`);
      const bytes = Buffer.allocUnsafe(to - from);
      readSync(handle, bytes, 0, bytes.length, from);
      return bytes;
    },
    close() {
      closeSync(handle);
      process.off("exit", remove);
      remove();
    },
  };
}
