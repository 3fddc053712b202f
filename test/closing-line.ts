import { writeSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Prints what was skipped and why and what failed, then, as the very last line of the run, `N passed, N failed` (and `, N skipped`).
 * A file that cannot be loaded and an error outside every test count as one failure each.
 */
export function closingLine(): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      const tests = modules.flatMap((module) => [...module.children.allTests()]);
      const count = (state: string) => tests.filter((test) => test.result().state === state).length;
      const failed = count("failed") + modules.filter(isBroken).length + unhandled.length;
      const skipped = tests.filter((test) => ["skipped", "pending"].includes(test.result().state));
      const lines = [
        ...skipped.map((test) => `skipped: ${describe(test)}`),
        ...tests.flatMap((test) => failures(test)),
        ...modules
          .filter(isBroken)
          .map((module) => `failed: ${module.relativeModuleId}: ${firstLine(module.errors()[0])}`),
        ...unhandled.map((error) => `failed outside of every test: ${firstLine(error)}`),
      ];
      const total = `${count("passed")} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
      // At the exit, because the runner itself still writes after its reporters have ended.
      process.once("exit", () => writeSync(1, `\n${[...lines, total].join("\n")}\n`));
    },
  };
}

/** Each failed test in one line, where it is seen at the end of a long run. */
function failures(test: TestCase): string[] {
  const result = test.result();
  return result.state === "failed" ? [`failed: ${describe(test)}: ${firstLine(result.errors[0])}`] : [];
}

function firstLine(error: { message: string } | undefined): string {
  return error?.message.split("\n", 1)[0] ?? "no reason given";
}

/** A module that failed without one of its tests having failed. */
function isBroken(module: TestModule): boolean {
  if (module.state() !== "failed") return false;
  return [...module.children.allTests()].every((test) => test.result().state !== "failed");
}

function describe(test: TestCase): string {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return `${test.module.relativeModuleId} > ${test.fullName}${note ? ` (${note})` : ""}`;
}
