import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import { closingLine } from "./test/closing-line.ts";
import { SimulatorFirst } from "./test/order.ts";

// For the programs that tests start, as the launcher does: it halves their time to start.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/stationmaster");

export default defineConfig({
  test: {
    include: ["{src,test,web,examples,scripts,bench}/**/*.test.ts"],
    // Releases of the example hold copies of its files.
    exclude: [...configDefaults.exclude, "**/.stationmaster/**"],
    globalSetup: [process.env.TEST_DATABASE ? "test/own-database.ts" : "test/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // More than cores: tests of hosts and processes mostly wait.
    maxWorkers: 3,
    sequence: { sequencer: SimulatorFirst },
    pool: "forks",
    reporters: ["default", closingLine()],
  },
});
