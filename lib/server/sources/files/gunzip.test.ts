import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { budgetOf } from "./budget.ts";
import { gunzipped } from "./gunzip.ts";
import { defaultLimits } from "./limits.ts";

/** 100 kB that hardly pack, so that there are several steps. */
const body = Buffer.from(
  Array.from({ length: 100_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 0xff),
);
const packed = gzipSync(body);

async function unpack(
  ...chunks: Buffer[]
): Promise<{ readonly bytes: Buffer; readonly fault: string | undefined }> {
  async function* source(): AsyncIterable<Buffer> {
    yield* chunks;
  }
  const out: Buffer[] = [];
  try {
    for await (const chunk of gunzipped(source(), budgetOf(defaultLimits))) out.push(chunk);
    return { bytes: Buffer.concat(out), fault: undefined };
  } catch (error) {
    return { bytes: Buffer.concat(out), fault: error instanceof Error ? error.message : String(error) };
  }
}

describe("gunzipped", () => {
  it.each([
    ["in one piece", [packed], 1],
    ["in pieces", [packed.subarray(0, 10), packed.subarray(10, 20_000), packed.subarray(20_000)], 1],
    ["as two members", [packed, packed], 2],
    ["padded with zeros, as tapes are", [packed, Buffer.alloc(50_000), Buffer.alloc(50_000)], 1],
  ])("unpacks what comes %s", async (_, chunks, times) => {
    const { bytes, fault } = await unpack(...chunks);
    expect(fault).toBeUndefined();
    expect(bytes.equals(Buffer.concat(Array.from({ length: times }, () => body)))).toBe(true);
  });

  it("gives all that can be had of a truncated one before it says so", async () => {
    const { bytes, fault } = await unpack(packed.subarray(0, packed.length / 2));
    expect(fault).toBe("unexpected end of file");
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.equals(body.subarray(0, bytes.length))).toBe(true);
  });
});
