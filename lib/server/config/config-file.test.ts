import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findConfig, loadConfig } from "./config-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "throughline-"));
  mkdirSync(path.join(folder, "k8s/none"), { recursive: true });
  writeFileSync(path.join(folder, ".throughline.yaml"), "");
  writeFileSync(path.join(folder, "k8s/.throughline.yaml"), "ignore:\n  - { check: NET-101, reason: x }\n");
  writeFileSync(path.join(folder, "k8s/shop.yaml"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["the one that is named", "other.yaml", "k8s", "other.yaml"],
  ["the one in the folder that is read", undefined, "k8s", "k8s/.throughline.yaml"],
  ["the one beside the file that is read", undefined, "k8s/shop.yaml", "k8s/.throughline.yaml"],
  ["the one in the working directory", undefined, "k8s/none", ".throughline.yaml"],
  ["the one in the working directory for a cluster", undefined, undefined, ".throughline.yaml"],
])("finds %s", (_, named, beside, expected) => {
  const found = findConfig({ named, beside, workingDirectory: folder });
  expect(found?.replace(`${folder}${path.sep}`, "")).toBe(expected);
});

it("finds none where there is none", () => {
  const workingDirectory = path.join(folder, "k8s/none");
  expect(findConfig({ named: undefined, beside: undefined, workingDirectory })).toBeUndefined();
  expect(loadConfig(undefined, workingDirectory)).toEqual({ kind: "config", config: { ignore: [] } });
});

it("names the file as it is seen from the working directory", () => {
  const reading = loadConfig(path.join(folder, "k8s/.throughline.yaml"), folder);
  expect(reading.kind === "config" && reading.config.ignore[0]?.file).toBe("k8s/.throughline.yaml");
});

it.each([
  ["nowhere.yaml", "nowhere.yaml: there is no such file"],
  ["k8s", "k8s: it is a folder, and the configuration is a file"],
])("says why it cannot read %s", (file, problem) => {
  expect(loadConfig(file, folder)).toEqual({ kind: "invalid", problems: [problem] });
});
