import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as answerSchemas from "#lib/protocol/answers.ts";
import { linkParsers } from "#lib/protocol/link.ts";
import { openApiDocument, operations } from "./openapi.ts";

const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.strictObject({ schema }));
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(["path", "query"]),
  required: z.literal(true).optional(),
  description: z.string().min(1).optional(),
  schema,
});
const operation = z.strictObject({
  summary: z.string().min(1),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content }),
  ),
});
/** What OpenAPI 3.1.0 asks of the parts that are used here. */
const shape = z.strictObject({
  openapi: z.literal("3.1.0"),
  info: z.strictObject({
    title: z.string().min(1),
    version: z.string().min(1),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  paths: z.record(z.string().startsWith("/"), z.partialRecord(z.enum(["get", "post"]), operation)),
  components: z.strictObject({ schemas: z.record(z.string().regex(/^[\w.-]+$/), schema) }),
});

const sent: unknown = JSON.parse(JSON.stringify(openApiDocument("1.2.3")));
const document = shape.parse(sent);

function valuesOf(value: unknown, wanted: string): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === wanted ? [inner] : []),
    ...valuesOf(inner, wanted),
  ]);
}

/** "GET /api/v1/clusters/{id}/graph" of every handler in the folder. */
function handlers(): readonly string[] {
  const root = join(process.cwd(), "app");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => /^(api\/|healthz\/|readyz\/)(.*\/)?route\.tsx?$/.test(file))
    .flatMap((file) => {
      const path = `/${file.replace(/\/route\.tsx?$/, "")}`.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}");
      const source = readFileSync(join(root, file), "utf8");
      const methods = [
        ...source.matchAll(
          /^export (?:async function|function|const) (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b/gm,
        ),
      ];
      return methods.map((match) => `${match[1]} ${path}`);
    });
}

describe("the OpenAPI document", () => {
  it("has an operation for every handler, and a handler for every operation", () => {
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(handlers().length).toBeGreaterThan(5);
    expect([...described].sort()).toEqual([...handlers()].sort());
    expect(
      Object.entries(document.paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((m) => `${m.toUpperCase()} ${path}`))
        .sort(),
    ).toEqual([...described].sort());
  });

  it("declares every parameter of a path, and no parameter twice", () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters.filter((p) => p.in === "path");
        expect(inPath.map((p) => `{${p.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(inPath.every((p) => p.required)).toBe(true);
        expect(parameters.filter((p) => p.in === "query").every((p) => p.description !== undefined)).toBe(
          true,
        );
        expect(new Set(parameters.map((p) => `${p.in} ${p.name}`)).size).toBe(parameters.length);
      }
    }
  });

  it("describes what the graph takes of a link", () => {
    const names = document.paths["/api/v1/clusters/{id}/graph"]?.get?.parameters.map((p) => p.name) ?? [];
    const onPageOnly = ["cluster", "list", "as", "at"];
    expect(names).toEqual(
      expect.arrayContaining(Object.keys(linkParsers).filter((name) => !onPageOnly.includes(name))),
    );
  });

  it("leads each reference somewhere", () => {
    const refs = valuesOf(document, "$ref");
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of refs) {
      const name = String(ref).replace(/^#\/components\/schemas\//, "");
      expect(Object.keys(document.components.schemas), String(ref)).toContain(name);
    }
    for (const stray of ["$defs", "$id", "$schema"]) expect(valuesOf(document, stray), stray).toEqual([]);
  });

  it("has every answer of the protocol, by its name", () => {
    const names = Object.values(answerSchemas).map((one) => z.globalRegistry.get(one)?.id);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(document.components.schemas.Problem).toMatchObject({
      required: ["type", "title", "status", "detail"],
    });
  });

  it("answers every fault with a problem document, the 500 of a bug with each", () => {
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        const faults = Object.entries(responses).filter(([status]) => !status.startsWith("2"));
        expect(faults.map(([status]) => status)).toContain("500");
        for (const [, { content: body }] of faults)
          expect(Object.keys(body)).toEqual(["application/problem+json"]);
        expect(Object.keys(responses).filter((status) => status.startsWith("2"))).toHaveLength(1);
      }
    }
  });

  it("asks for a body only where one is taken", () => {
    const taking = operations
      .filter(({ upload }) => upload === true)
      .map(({ method, path }) => `${method} ${path}`);
    expect(taking).toEqual(["post /api/v1/clusters"]);
    expect(document.paths["/api/v1/clusters"]?.post?.requestBody).toBeDefined();
    expect(document.paths["/api/v1/clusters"]?.get?.requestBody).toBeUndefined();
  });
});
