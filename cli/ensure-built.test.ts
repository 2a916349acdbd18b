import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureBuilt } from "./ensure-built.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "built-"));
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  rmSync(root, { recursive: true });
  vi.restoreAllMocks();
});

const server = () => path.join(root, ".next/standalone/server.js");

/** Writes a file as if it had been written this many seconds ago. */
function write(name: string, content = "", secondsAgo = 0): void {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(file, at, at);
  // A folder is as new as the last file that was put into it.
  utimesSync(path.dirname(file), at, at);
}

const builds = 'require("node:fs").appendFileSync("log", "built ");';

describe("in a package", () => {
  it("the server is there, and nothing is built", async () => {
    write(".next/standalone/server.js");
    write("lib/a.ts");
    expect(await ensureBuilt(root)).toBe(server());
    expect(console.error).not.toHaveBeenCalled();
  });

  it("without its server nothing can be done", async () => {
    expect(await ensureBuilt(root)).toBeUndefined();
  });
});

describe("in the repository", () => {
  const built = () => readFileSync(path.join(root, "log"), "utf8");

  it("a build newer than all of its sources is used as it is", async () => {
    write("scripts/build.ts", builds);
    write("lib/deep/er/a.ts", "", 100);
    write("app/page.tsx", "", 50);
    for (const folder of ["lib", "lib/deep"]) utimesSync(path.join(root, folder), 0, 0);
    write(".next/standalone/server.js", "", 10);
    write(".next/standalone/built", "", 10);
    expect(await ensureBuilt(root)).toBe(server());
    expect(built).toThrow("ENOENT");
    expect(console.error).not.toHaveBeenCalled();
  });

  it.each([
    ["there is no build", () => {}],
    [
      "a source is newer",
      () => {
        write(".next/standalone/server.js", "", 10);
        write(".next/standalone/built", "", 10);
        write("lib/deep/a.ts", "", 0);
      },
    ],
    [
      "the lock file is newer",
      () => {
        write(".next/standalone/server.js", "", 10);
        write(".next/standalone/built", "", 10);
        write("package-lock.json", "", 0);
      },
    ],
    ["a build was left half done", () => write(".next/standalone/built", "", 0)],
  ])("it is built once where %s, and says so on stderr", async (_what, prepare) => {
    write("scripts/build.ts", builds);
    prepare();
    expect(await ensureBuilt(root)).toBe(server());
    expect(built()).toBe("built ");
    expect(console.error).toHaveBeenCalledOnce();
  });

  it("a build that fails gives no server", async () => {
    write("scripts/build.ts", "process.exit(3);");
    write(".next/standalone/server.js", "", 10);
    expect(await ensureBuilt(root)).toBeUndefined();
  });
});
