import { describe, expect, it } from "vitest";
import { demoSource } from "./demo-source.ts";

describe("demoSource", () => {
  it("reads the built-in cluster without a problem, as all that the cluster has", async () => {
    const result = await demoSource(process.cwd()).read(() => undefined, new AbortController().signal);
    expect(result).toMatchObject({ kind: "snapshot", snapshot: { problems: [], unread: {} } });
    expect(result.kind === "snapshot" && result.snapshot.objects.pods?.length).toBeGreaterThan(10);
  });

  it("says where it looked when the project is elsewhere", async () => {
    const result = await demoSource("/no/such/place").read(() => undefined, new AbortController().signal);
    expect(result).toMatchObject({ kind: "failed", failure: { code: "not-found" } });
  });
});
