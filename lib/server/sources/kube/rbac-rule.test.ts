import { describe, expect, it } from "vitest";
import { viewCommand } from "./rbac-rule.ts";

describe("viewCommand", () => {
  it.each([
    ['User "jane@example.com" cannot list', '--user="jane@example.com"'],
    ['User "system:serviceaccount:tools:throughline" cannot list', "--serviceaccount=tools:throughline"],
    ['User "$(reboot)" cannot list', '--user="USER"'],
    ["no", '--user="USER"'],
  ])("takes the subject from %s", (message, subject) => {
    expect(viewCommand(message)).toBe(
      `kubectl create clusterrolebinding throughline --clusterrole=view ${subject}`,
    );
  });
});
