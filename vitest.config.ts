import { configDefaults, defineConfig } from "vitest/config";
import { closingLine } from "./test/closing-line.ts";

export default defineConfig({
  test: {
    include: ["{src,test,web,examples,scripts,bench}/**/*.test.ts"],
    // Releases of the example hold copies of its files.
    exclude: [...configDefaults.exclude, "**/.stationmaster/**"],
    globalSetup: [process.env.TEST_DATABASE ? "test/own-database.ts" : "test/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // More than cores: tests of hosts and processes mostly wait.
    maxWorkers: 3,
    pool: "forks",
    reporters: ["default", closingLine()],
  },
});
