import { defineConfig } from "vitest/config";

const all = "{lib,components,cli,app,scripts,bench,deploy}/**/*";
const restarting = "lib/server/sources/kube/watch/watch-cluster.real.test.ts";

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
      // They share one cluster, and some change what others read of it: one after another, the one that kills its API
      // server last.
      {
        extends: true,
        test: {
          name: "a real cluster",
          include: [`${all}.real.test.ts`],
          exclude: [restarting],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "a real cluster, restarted",
          include: [restarting],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
