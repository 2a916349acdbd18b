import { afterEach, describe, expect, it, vi } from "vitest";
import { addedClusterSchema } from "#lib/protocol/answers.ts";
import { clusterListSchema } from "#lib/protocol/cluster.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { GET, POST } from "./route.ts";

const address = "/api/v1/clusters";

afterEach(() => {
  serveRegistry(undefined);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("the list of clusters", () => {
  it("asks no cluster, and is kept by no cache", async () => {
    const read = vi.fn();
    serveSources(
      { ...sourceOf("prod", new Promise(() => {})), read },
      sourceOf("demo", new Promise(() => {}), "demo"),
    );
    const response = await GET(get(address));
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await jsonOf(response, clusterListSchema)).toEqual({
      clusters: [
        { id: "prod", name: "prod", kind: "kube", isDefault: true, state: { kind: "idle" } },
        { id: "demo", name: "demo", kind: "demo", isDefault: false, state: { kind: "idle" } },
      ],
    });
    expect(read).not.toHaveBeenCalled();
  });

  it("is made from the environment, as the server is started with it", async () => {
    vi.stubEnv("THROUGHLINE_DEMO", "1");
    vi.stubEnv("THROUGHLINE_FILES", "");
    vi.stubEnv("THROUGHLINE_CONTEXT", "");
    const { clusters } = await jsonOf(await GET(get(address)), clusterListSchema);
    expect(clusters.map(({ id, kind, isDefault }) => [id, kind, isDefault])).toEqual([
      ["demo", "demo", true],
    ]);
  });

  it("begins with what was dropped last", async () => {
    serveSources(sourceOf("prod", new Promise(() => {})));
    const body = "kind: Service\napiVersion: v1\nmetadata: {name: web}\nspec: {}\n";
    const dropped = await POST(
      new Request(`http://localhost${address}?name=a.yaml`, { method: "POST", body }),
    );
    expect(await jsonOf(dropped, addedClusterSchema)).toEqual({ id: "a.yaml", name: "a.yaml" });
    const { clusters } = await jsonOf(await GET(get(address)), clusterListSchema);
    expect(clusters.map(({ id }) => id)).toEqual(["a.yaml", "prod"]);
  });

  it("is a problem where the settings are wrong", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    vi.stubEnv("THROUGHLINE_DEMO", "maybe");
    expect(await problemOf(await GET(get(address)))).toMatchObject({ status: 500, instance: address });
  });
});
