import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{lib,components,cli,app,scripts,bench,deploy}/**/*.test.{ts,tsx}"],
    testTimeout: 20_000,
  },
});
