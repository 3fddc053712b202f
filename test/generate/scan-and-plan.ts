import { makePlan } from "../../src/generate/make-plan.ts";
import { loadPins } from "../../src/generate/pins.ts";
import type { Plan, Target } from "../../src/generate/plan.ts";
import { memoryFiles } from "../../src/scan/files.ts";
import { reportOf } from "../../src/scan/report.ts";
import { scanUnits } from "../../src/scan/scan.ts";
import { takeSnapshot } from "../../src/scan/snapshot.ts";
import type { Files } from "./types.ts";

interface Options {
  target?: Target;
  made?: ReadonlySet<string>;
}

/** The plan of a repository that is only in memory; `made` are paths that were generated before. */
export function planOf(files: Files, { target, made = new Set() }: Options = {}): Plan {
  const own = Object.fromEntries(Object.entries(files).filter(([path]) => !made.has(path)));
  const report = reportOf(scanUnits(takeSnapshot(memoryFiles(own))));
  const tree = takeSnapshot(memoryFiles(files));
  return makePlan({ report, tree, pins: loadPins(), folder: "demo", made, ...(target ? { target } : {}) });
}
