import { defineConfig } from "vitest/config";

const all = "{lib,components,cli,app,scripts,bench,deploy}/**/*";

export default defineConfig({
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: [`${all}.test.{ts,tsx}`],
          exclude: ["**/*.real.test.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      // They share one cluster, and some change what others read of it, or restart its API server: one after another.
      {
        extends: true,
        test: {
          name: "a real cluster",
          include: [`${all}.real.test.ts`],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
