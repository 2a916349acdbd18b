import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { type ConfigReading, noConfig, readConfig } from "./read-config.ts";

export const configName = ".throughline.yaml";

/** Nobody writes a larger one by hand. */
const mostBytes = 1024 * 1024;

/** Reads a file that someone named; that it is not there is a fault. */
export function readConfigFile(file: string, workingDirectory: string): ConfigReading {
  const shown = shownFrom(file, workingDirectory);
  const invalid = (why: string): ConfigReading => ({ kind: "invalid", problems: [`${shown}: ${why}`] });
  try {
    const absolute = path.resolve(workingDirectory, file);
    const about = statSync(absolute);
    if (about.isDirectory()) return invalid("it is a folder, and the configuration is a file");
    if (about.size > mostBytes) return invalid("it is larger than 1 MiB");
    return readConfig(readFileSync(absolute, "utf8"), shown);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return invalid("there is no such file");
    return invalid(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Where the configuration is: what `named` says, else the first `.throughline.yaml` beside what is read (`beside`, a
 * file or folder), or in the working directory. Undefined where there is none.
 */
export function findConfig(given: {
  readonly named: string | undefined;
  readonly beside: string | undefined;
  readonly workingDirectory: string;
}): string | undefined {
  const { named, beside, workingDirectory } = given;
  if (named !== undefined) return named;
  const folders = [
    ...(beside === undefined ? [] : [folderOf(path.resolve(workingDirectory, beside))]),
    workingDirectory,
  ];
  return folders.map((folder) => path.join(folder, configName)).find(isFile);
}

/** The configuration of a server or command; what is wrong with it, where something is. */
export function loadConfig(file: string | undefined, workingDirectory: string): ConfigReading {
  return file === undefined ? { kind: "config", config: noConfig } : readConfigFile(file, workingDirectory);
}

function folderOf(file: string): string {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? file : path.dirname(file);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** As people would open it from where they are. */
function shownFrom(file: string, workingDirectory: string): string {
  const relative = path.relative(workingDirectory, path.resolve(workingDirectory, file));
  return relative.startsWith("..") || path.isAbsolute(relative)
    ? path.resolve(workingDirectory, file)
    : relative;
}
