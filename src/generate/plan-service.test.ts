import { expect, test } from "vitest";
import { memoryFiles } from "../scan/files.ts";
import { reportOf } from "../scan/report.ts";
import { scanUnits } from "../scan/scan.ts";
import { takeSnapshot } from "../scan/snapshot.ts";
import { makePlan } from "./make-plan.ts";
import { loadPins } from "./pins.ts";
import { prepare } from "./prepare.ts";

test("what nobody knows how to run gets no image of pages, and nothing else is kept back", async () => {
  const snapshot = takeSnapshot(memoryFiles({ "railway.toml": '[deploy]\nstartCommand = "./serve"\n' }));
  const report = reportOf(scanUnits(snapshot));
  const plan = makePlan({ report, tree: snapshot, pins: loadPins(), folder: "shop", made: new Set() });
  expect(plan.services).toMatchObject([{ role: "http", start: "./serve", runtime: { version: null } }]);
  const kinds = ["dockerfile", "compose"];
  const prepared = await prepare({ plan, current: snapshot.text, kinds, today: "2026-11-22" });
  expect(prepared.files.map(({ path }) => path)).not.toContain("Dockerfile");
  expect(prepared.files.map(({ path }) => path)).toContain("compose.yaml");
  expect(prepared.blocking).toEqual([]);
});
