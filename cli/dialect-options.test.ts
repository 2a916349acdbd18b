import { describe, expect, it } from "vitest";
import { readSettings } from "#lib/server/settings.ts";
import { dialectEnv } from "./dialect-options.ts";

describe("dialectEnv", () => {
  it("says what was given in the words of the environment, and nothing of what was not", () => {
    expect(dialectEnv({})).toEqual({});
    const env = dialectEnv({ ipBlockMatchesPods: "no", ipBlockMatchesNodes: "yes", hostNetwork: "as-pod" });
    expect(readSettings(env, "/")).toMatchObject({
      settings: {
        dialect: { ipBlockMatchesPods: "no", ipBlockMatchesNodes: "yes", hostNetworkPods: "as-pod" },
      },
    });
  });
});
