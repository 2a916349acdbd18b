import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { clustersFor } from "./clusters-for.ts";
import { forEverybodyHeader, identityHeader, writeIdentity } from "./identity.ts";

afterEach(() => serveRegistry(undefined));

const as = (user: string, ...groups: string[]) =>
  clustersFor(new Headers({ [identityHeader]: writeIdentity({ user, groups }) }));

const yaml = ["shop", "payments"]
  .map(
    (ns) =>
      `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: ${ns}}, spec: {ports: [{port: 80}]}}`,
  )
  .join("\n---\n");

/** A cluster in which ada may list everything and bob Services in shop; it counts how often it is asked. */
function serve() {
  const asked: string[] = [];
  const source = {
    ...sourceOf("prod", { kind: "snapshot", snapshot: snapshotFromYaml(yaml, "cluster") }),
    review: async (
      who: { user: string },
      asks: readonly { resource: string; namespace: string | undefined }[],
    ) => {
      asked.push(who.user);
      return asks.map(({ resource, namespace }) =>
        who.user === "ada" || (who.user === "bob" && resource === "services" && namespace === "shop")
          ? ("allowed" as const)
          : ("denied" as const),
      );
    },
  };
  serveSources(source);
  return asked;
}

const servicesSeen = async (view: ReturnType<typeof as>) => {
  const { answers } = (await view.get("prod")?.answers(30_000)) ?? {};
  return [...(answers?.facts.services.keys() ?? [])];
};

describe("the clusters of somebody", () => {
  it("hold what their rights let them see, each their own", async () => {
    serve();
    expect(await servicesSeen(as("ada"))).toEqual(["service/payments/web", "service/shop/web"]);
    expect(await servicesSeen(as("bob"))).toEqual(["service/shop/web"]);
    expect(await servicesSeen(as("eve"))).toEqual([]);
    expect(await servicesSeen(as("ada"))).toHaveLength(2);
  });

  it("have another ETag and another key for who sees something else", async () => {
    serve();
    const [ada, bob] = [as("ada").get("prod"), as("bob").get("prod")];
    const [one, two] = await Promise.all([ada?.answers(30_000), bob?.answers(30_000)]);
    expect(one?.answers?.etag).not.toBe(two?.answers?.etag);
    expect(ada?.viewKey()).not.toBe(bob?.viewKey());
  });

  it("ask for rights once in a while, and for other groups anew", async () => {
    const asked = serve();
    await servicesSeen(as("ada", "a"));
    const first = asked.length;
    await servicesSeen(as("ada", "a"));
    expect(asked).toHaveLength(first);
    await servicesSeen(as("ada", "b"));
    expect(asked.length).toBeGreaterThan(first);
  });

  it("are for nobody whom the gate let through to what is for everybody", () => {
    serve();
    expect(() => clustersFor(new Headers({ [forEverybodyHeader]: "1" }))).toThrow(/past the gate/);
  });

  it("keep files that somebody dropped to themselves", async () => {
    serve();
    as("ada").add({
      ...sourceOf("dump", { kind: "snapshot", snapshot: snapshotFromYaml(yaml) }, "files"),
      name: "dump",
    });
    expect(
      as("ada")
        .list()
        .map(({ id }) => id),
    ).toContain("dump");
    expect(
      as("bob")
        .list()
        .map(({ id }) => id),
    ).not.toContain("dump");
    expect(as("bob").get("dump")).toBeUndefined();
    expect(as("bob").nearest("dump1")).not.toContain("dump");
  });

  it("are the only way to the registry, for every page, answer and stream", () => {
    const without = ["lib/server/clusters.ts", "lib/server/auth/clusters-for.ts"];
    /** These act for nobody, or say nothing of a cluster. */
    const forNobody = [
      "lib/server/http/answer-ready.ts",
      "lib/server/http/answer-cluster-metrics.ts",
      "lib/server/http/answer-incident.ts",
    ];
    const files = ["app", "lib/server", "components"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => /(?<!\.test)\.tsx?$/.test(path))
        .map((path) => `${folder}/${path}`),
    );
    const direct = files.filter((path) => /\bclusters\(\)/.test(readFileSync(path, "utf8")));
    expect(direct.sort()).toEqual([...without, ...forNobody].sort());
  });
});
