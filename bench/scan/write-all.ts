import { GENERATE_KINDS } from "../../src/contract/generate-kinds.ts";
import { prepare } from "../../src/generate/prepare.ts";
import { openRepository } from "../../src/generate/repository.ts";
import { readBelow } from "../../src/generate/write.ts";
import { percentiles } from "../load.ts";
import { verdict } from "../report.ts";
import { command } from "./start.ts";

const RUNS = 5;
const GOAL_MS = 2_000;
const TARGET = "aws";

/** `generate` of each kind for one application, with all that judges the result: cold, and again in this process. */
export async function writeAll(folder: string): Promise<string> {
  const cold: number[] = [];
  const usual: number[] = [];
  const all = ["generate", folder, "--target", TARGET, "--kinds", ...GENERATE_KINDS, "--check", "--json"];
  // Exit code 1: it would write.
  for (let run = 0; run < RUNS; run += 1) {
    cold.push((await command(all, [0, 1])).ms);
    usual.push((await command(["generate", folder, "--check", "--json"], [0, 1])).ms);
  }
  const warm: number[] = [];
  let files = 0;
  for (let run = 0; run <= RUNS; run += 1) {
    const begin = performance.now();
    const { plan } = openRepository(folder, { target: TARGET });
    const prepared = await prepare({
      plan,
      current: readBelow(folder),
      kinds: GENERATE_KINDS,
      today: new Date().toISOString().slice(0, 10),
    });
    files = prepared.files.length;
    // The first run loads the parsers.
    if (run > 0) warm.push(performance.now() - begin);
  }
  const [every, plain, again] = [cold, usual, warm].map((times) => percentiles(times).p50 ?? Number.NaN);
  return [
    `\`generate\` for the sample express, with all that judges the result, median of ${RUNS}`,
    `what it needs by itself: cold ${plain?.toFixed(0)} ms`,
    `all ${GENERATE_KINDS.length} kinds for ${TARGET}, ${files} files: cold ${every?.toFixed(0)} ms, again in one process ${again?.toFixed(0)} ms`,
    verdict(`${GOAL_MS} ms at most, all kinds, cold`, (every ?? Number.NaN) <= GOAL_MS),
  ].join("\n");
}
