import { expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { defineCheck } from "./check.ts";

const shape = { id: "x/y", code: "NET-900", severity: "info", summary: "-" } as const;

it("hands over the declared kinds, and those alone", () => {
  let handed: readonly string[] = [];
  const check = defineCheck({
    ...shape,
    inputs: ["services"],
    ifRead: ["events"],
    find: ({ objects }) => {
      handed = Object.keys(objects);
      return [];
    },
  });
  expect([...check.find(factsFromYaml(""))]).toEqual([]);
  expect(handed).toEqual(["services", "events"]);
});

// What follows is held by the compiler: each line must be an error, or the comment above it is one.
it("lets a check reach nothing that it did not declare", () => {
  const check = defineCheck({
    ...shape,
    inputs: ["services"],
    find: ({ services, objects, ...rest }) => {
      // @ts-expect-error pods are not declared
      void objects.pods;
      // @ts-expect-error neither pods nor endpointSlices are declared
      void services[0]?.endpoints;
      // @ts-expect-error pods are not declared
      void services[0]?.selected;
      // @ts-expect-error ingresses are not declared
      void rest.ingresses;
      // @ts-expect-error no kind of workload is declared
      void rest.workloadsMeant;
      return [];
    },
  });
  // Types alone do it: at run time the facts are handed on as they are.
  expect(() => [...check.find(factsFromYaml(""))]).not.toThrow();
});

it("keeps what may not have been read undefined until it is asked", () => {
  const check = defineCheck({
    ...shape,
    inputs: ["services"],
    ifRead: ["pods"],
    find: ({ services, objects }) => {
      // @ts-expect-error pods may not have been read
      void objects.pods.length;
      // @ts-expect-error the same in the facts
      void services[0]?.selected.length;
      return [];
    },
  });
  expect(check.ifRead).toEqual(["pods"]);
});

it("gives what an input unlocks without asking again", () => {
  const check = defineCheck({
    ...shape,
    inputs: ["services", "pods"],
    find: ({ services, objects }) => {
      const sizes: readonly number[] = [
        objects.pods.length,
        ...services.map(({ selected }) => selected.length),
      ];
      return sizes.length > 0 ? [] : [];
    },
  });
  expect([...check.find(factsFromYaml(""))]).toEqual([]);
});
