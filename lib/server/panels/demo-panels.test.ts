import { beforeAll, describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { type ObjectPanel, objectPanelSchema, servicePanelSchema } from "#lib/protocol/panel.ts";
import type { Answers } from "#lib/server/session/answers.ts";
import { demoAnswers } from "#lib/testing/demo-answers.ts";
import { objectPanel } from "./object-panel.ts";
import { servicePanel } from "./service-panel.ts";

let answers: Answers;
beforeAll(async () => {
  answers = await demoAnswers();
});

const service = (namespace: string, name: string) => {
  const { facts, findings } = answers;
  const panel = servicePanel(facts, findings, objectId("service", namespace, name));
  if (panel === undefined) throw new Error(`no Service ${name}`);
  return panel;
};

function allPanels() {
  const { facts, findings } = answers;
  return [...facts.index.byId.values()].flatMap((object) => {
    const panel =
      object.kind === "service"
        ? servicePanel(facts, findings, object.id)
        : objectPanel(facts, findings, object.id);
    return panel === undefined ? [] : [panel];
  });
}

/** Every text of a value, with the way to it. */
function texts(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe("the panels of the demo", () => {
  it("exist for every object and parse with their schemas, with nothing left over", () => {
    const panels = allPanels();
    expect(panels).toHaveLength(answers.facts.index.byId.size);
    for (const panel of panels) {
      const schema = "endpoints" in panel ? servicePanelSchema : objectPanelSchema;
      expect(schema.parse(JSON.parse(JSON.stringify(panel)))).toEqual(panel);
    }
  });

  it("say nothing in a programmer's words", () => {
    const odd = allPanels().flatMap((panel) =>
      texts(panel)
        .filter(
          ([path]) => !path.includes(".events.") && !/\.(message|manifest)$|\.patch\.lines\./.test(path),
        )
        .filter(([, text]) => /\bundefined\b|\bNaN\b|\[object| {2}|^\s|\s$/.test(text))
        .map(([path, text]) => `${panel.id}${path}: ${text}`),
    );
    expect(odd).toEqual([]);
  });

  it("have a sentence, and never the same row twice", () => {
    for (const panel of allPanels()) {
      expect(panel.sentence, panel.id).not.toBe("");
      const facts = panel.facts.map(({ label, value }) => `${label} ${value}`);
      expect(new Set(facts).size, `${panel.id}: ${facts.join("; ")}`).toBe(facts.length);
      const rows = relatedOf(panel).map(({ id, relation, note }) => `${id} ${relation} ${note}`);
      expect(new Set(rows).size, `${panel.id}: ${rows.join("; ")}`).toBe(rows.length);
      if ("conditions" in panel) {
        const types = panel.conditions.map(({ type }) => type);
        expect(new Set(types).size, `${panel.id}: ${types.join("; ")}`).toBe(types.length);
      }
    }
  });

  function relatedOf(panel: ReturnType<typeof allPanels>[number]): ObjectPanel["related"] {
    return "related" in panel ? panel.related : panel.comesIn;
  }

  it("tell that shop/recommendations selects nothing, what is near, and what fails with it", () => {
    const panel = service("shop", "recommendations");
    expect(panel).toMatchObject({ health: "broken", ready: 0, total: 0, endpoints: [] });
    expect(panel.selector).toMatchObject({
      pods: 0,
      nearMiss: {
        workload: "deployment/shop/recommendations",
        labels: { "app.kubernetes.io/name": "recommendations" },
        sentence: expect.stringContaining("1 label differs"),
      },
    });
    expect(panel.breaks.map(({ id }) => id)).toEqual(["http-route/shop/shop-api"]);
    expect(panel.findings[0]?.fix.command).toContain("kubectl -n shop patch service recommendations");
  });

  it("tell why endpoints of shop/reviews and shop/search take no traffic, the bad ones first", () => {
    const reviews = service("shop", "reviews");
    expect(reviews).toMatchObject({ health: "broken", ready: 0, total: 3 });
    for (const { reasons, events } of reviews.endpoints) {
      expect(reasons[0]?.text).toContain("CrashLoopBackOff");
      expect(events.map(({ reason }) => reason)).toContain("BackOff");
    }
    const search = service("shop", "search");
    expect(search.sentence).toContain("3 of 5 endpoints");
    expect(search.endpoints.map(({ ready }) => ready)).toEqual([false, false, true, true, true]);
    expect(search.endpoints.filter(({ events }) => events.length > 0)).toHaveLength(2);
  });

  it("tell who hands-off Services lead to", () => {
    expect(service("shop", "media")).toMatchObject({
      type: "ExternalName",
      health: "ok",
      selector: { backing: "external-name" },
      addresses: [{ label: "alias of" }],
    });
    expect(service("payments", "card-network")).toMatchObject({
      selector: { backing: "manual", labels: {} },
    });
  });

  it("tell that platform/kafka-external waits for an address, in the event's words", () => {
    const panel = service("platform", "kafka-external");
    expect(panel.health).toBe("partial");
    expect(panel.addresses.map(({ label }) => label)).not.toContain("load balancer");
    expect(panel.comesIn[0]).toMatchObject({
      id: "internet",
      relation: "load balancer without an address",
      health: "broken",
      note: expect.stringContaining("quota"),
    });
  });
});
