import { describe, expect, it } from "vitest";
import { checks } from "#lib/diagnosis/registry.ts";
import { checkPage } from "./check-page.ts";

describe("a check's page", () => {
  it.each(checks)("is there for $code, and without the title that says it again", async ({ code, id }) => {
    const page = await checkPage(code);
    expect(page).toMatchObject({ code, id });
    expect(page?.markdown).toMatch(/^## What it means/);
  });

  it.each(["net-101", "service/selector-matches-nothing"])("is found as %s too", async (wanted) => {
    expect((await checkPage(wanted))?.code).toBe("NET-101");
  });

  it.each(["NET-999", "../../package", ""])("is not there for %j", async (wanted) => {
    expect(await checkPage(wanted)).toBeUndefined();
  });
});
