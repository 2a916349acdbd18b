import { describe, expect, it } from "vitest";
import { intern, internOptional, internTime } from "./string-pool.ts";

describe("intern", () => {
  it("gives back the same text", () => {
    for (const text of ["", "a", "x".repeat(1_000), "ü"]) expect(intern(text)).toBe(text);
  });

  it("goes on when it has seen more strings than it keeps", () => {
    for (let i = 0; i < 250_000; i++) intern(`value-${i}`);
    expect(intern("value-3")).toBe("value-3");
  });
});

describe("internOptional", () => {
  it.each([undefined, null, ""])("takes %j for absent", (value) => {
    expect(internOptional(value)).toBeUndefined();
  });
});

describe("internTime", () => {
  it("gives the same time, also after more than it keeps, and undefined for none", () => {
    for (let i = 0; i < 5_000; i++) expect(internTime(`time-${i}`)).toBe(`time-${i}`);
    expect([internTime(null), internTime(""), internTime(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
