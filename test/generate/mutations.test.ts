import { expect, test } from "vitest";
import { expectedServices } from "../../src/cli/expected-services.ts";
import { ScanReport } from "../../src/contract/scan.ts";
import { makePlan } from "../../src/generate/make-plan.ts";
import { loadPins } from "../../src/generate/pins.ts";
import { prepare } from "../../src/generate/prepare.ts";
import { checkFiles } from "../../src/lint/check.ts";
import { memoryFiles } from "../../src/scan/files.ts";
import { reportOf } from "../../src/scan/report.ts";
import { scanUnits } from "../../src/scan/scan.ts";
import { takeSnapshot } from "../../src/scan/snapshot.ts";
import { APPLICATION_FILES } from "./application-files.ts";
import { INFRASTRUCTURE_FILES } from "./infrastructure-files.ts";
import { chance, mutate, oneOf } from "./mutate.ts";

const SEEDS = { ...APPLICATION_FILES, ...INFRASTRUCTURE_FILES };
const NAMES = Object.keys(SEEDS);
const EACH = 3;
const TODAY = "2026-11-22";

/** A broken file with some others beside it, whole or broken. */
function repository(name: string, next: () => number): Record<string, string | Uint8Array> {
  const folder = next() < 0.3 ? oneOf(["apps/api/", "a b/é/"], next) : "";
  const files: Record<string, string | Uint8Array> = { [folder + name]: mutate(SEEDS[name] ?? "", next) };
  for (let left = Math.floor(next() * 4); left > 0; left -= 1) {
    const other = oneOf(NAMES, next);
    files[(next() < 0.5 ? folder : "") + other] ??=
      next() < 0.5 ? (SEEDS[other] ?? "") : mutate(SEEDS[other] ?? "", next);
  }
  return files;
}

test.each(NAMES)("whatever happens to %s, it is scanned, checked and planned with", async (name) => {
  const next = chance(NAMES.indexOf(name) + 1);
  for (let run = 0; run < EACH; run += 1) {
    const tree = takeSnapshot(memoryFiles(repository(name, next)));
    const report = reportOf(scanUnits(tree));
    expect(ScanReport.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined();
    const found = await checkFiles({ tree, services: expectedServices(report), today: TODAY });
    // A rule that throws is a finding of this name.
    expect(found.filter(({ rule }) => rule === "bug")).toEqual([]);
    for (const { file, line, column = 1 } of found) {
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual((tree.text(file) ?? "").split("\n").length);
      expect(column).toBeGreaterThan(0);
    }
    const plan = makePlan({ report, tree, pins: loadPins(), folder: "shop", made: new Set() });
    const { findings } = await prepare({ plan, current: tree.text, today: TODAY });
    expect(findings.filter(({ rule }) => rule === "bug")).toEqual([]);
  }
});
