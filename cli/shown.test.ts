import { expect, it } from "vitest";
import { shown, shownInLine } from "./shown.ts";

it("lets no escape sequence of someone else's reach the terminal", () => {
  expect(shown("probe failed: \x1b[2J\x9b31m\x07\r\x7f")).toBe("probe failed: �[2J�31m���");
});

it("leaves words of every language, tabs and line ends as they are", () => {
  expect(shown("größe → 大きさ\n\tok ✓")).toBe("größe → 大きさ\n\tok ✓");
});

it("lets no message pass for a line of the answer", () => {
  expect(shownInLine("probe failed:\r\n  ✓ all is well\n")).toBe("probe failed:� ✓ all is well ");
});
