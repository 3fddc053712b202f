import { percentiles } from "../load.ts";
import { table, verdict } from "../report.ts";
import { type Answer, TOOLS } from "./peers.ts";
import type { Sample } from "./repositories.ts";

const RUNS = 20;
const GOALS = { p50Ms: 15, p95Ms: 60 };

export interface Place {
  sample: Pick<Sample, "name"> & Partial<Sample>;
  folder: string;
}

/** Time of each tool in this process, and how many of the samples' answers are right; then our own time by sample. */
export async function sideBySide(
  places: readonly Place[],
): Promise<{ lines: string; own: ReadonlyMap<string, number[]> }> {
  const rows: (string | number | null)[][] = [];
  const own = new Map<string, number[]>();
  for (const { name, ask } of TOOLS) {
    const all: number[] = [];
    const answers: { sample: Place["sample"]; answer: Answer }[] = [];
    for (const { sample, folder } of places) {
      answers.push({ sample, answer: await ask(folder).catch(() => ({ language: null, framework: null })) });
      const times: number[] = [];
      for (let run = 0; run < RUNS; run += 1) times.push(await timed(() => ask(folder)));
      all.push(...times);
      if (name === "stationmaster") own.set(sample.name, times);
    }
    const { p50, p95 } = percentiles(all);
    const right = [rightOf(answers, "language"), rightOf(answers, "framework")];
    rows.push([name, p50?.toFixed(1) ?? null, p95?.toFixed(1) ?? null, ...right]);
  }
  const { p50, p95 } = percentiles([...own.values()].flat());
  const lines = [
    `${places.length} small repositories, each ${RUNS} times in one warm process; language and framework: right of those known`,
    table(["", "p50 ms", "p95 ms", "language", "framework"], rows),
    "the samples are our own, written for this table: they show what a tool answers at all, not how often it is right elsewhere",
    verdict(`p50 ${p50?.toFixed(1)} ms (goal: ${GOALS.p50Ms} at most)`, (p50 ?? Number.NaN) <= GOALS.p50Ms),
    verdict(`p95 ${p95?.toFixed(1)} ms (goal: ${GOALS.p95Ms} at most)`, (p95 ?? Number.NaN) <= GOALS.p95Ms),
  ].join("\n");
  return { lines, own };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run().catch(() => undefined);
  return performance.now() - start;
}

function rightOf(
  answers: readonly { sample: Place["sample"]; answer: Answer }[],
  what: "language" | "framework",
): string | null {
  const asked = answers.filter(({ sample, answer }) => sample[what] !== undefined && answer[what] !== undefined);
  if (asked.length === 0) return null;
  const right = asked.filter(({ sample, answer }) => sample[what] === answer[what]).length;
  const silent = asked.filter(({ answer }) => answer[what] === null).length;
  return `${right} of ${asked.length}, ${asked.length - right - silent} wrong`;
}
