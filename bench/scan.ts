import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clear, scratch } from "./load/place.ts";
import { percentiles } from "./load.ts";
import { table, verdict } from "./report.ts";
import { monorepo } from "./scan/monorepo.ts";
import { type Answer, TOOLS } from "./scan/peers.ts";
import { SAMPLES, type Sample, writeFiles } from "./scan/repositories.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** As bin/stationmaster starts it. */
const HEAP = "--max-semi-space-size=8";
const RUNS = 20;
const COLD_RUNS = 10;
const FILES = 10_000;
const GOALS = { p50Ms: 15, p95Ms: 60, monorepoMs: 1_500, monorepoMiB: 300 };

interface Place {
  sample: Pick<Sample, "name"> & Partial<Sample>;
  folder: string;
}

/** How long a scan takes, in this process and cold, for small applications and a large repository; beside other tools. */
export async function benchScan(): Promise<string> {
  const folder = scratch("scan-");
  try {
    const places: Place[] = SAMPLES.map((sample) => ({ sample, folder: join(folder, sample.name) }));
    for (const sample of SAMPLES) writeFiles(join(folder, sample.name), sample.files);
    for (const name of readdirSync(join(ROOT, "examples")))
      places.push({ sample: { name }, folder: join(ROOT, "examples", name) });
    const large = join(folder, "monorepo");
    writeFiles(large, monorepo(FILES));
    return [await sideBySide(places), await cold(places), await monorepoLines(large)].join("\n\n");
  } finally {
    await clear(folder);
  }
}

async function sideBySide(places: readonly Place[]): Promise<string> {
  const rows: (string | number | null)[][] = [];
  let own = { p50: Number.NaN as number | null, p95: Number.NaN as number | null };
  for (const { name, ask } of TOOLS) {
    const times: number[] = [];
    const answers: { sample: Place["sample"]; answer: Answer }[] = [];
    for (const { sample, folder } of places) {
      answers.push({ sample, answer: await ask(folder).catch(() => ({ language: null, framework: null })) });
      for (let run = 0; run < RUNS; run += 1) {
        const start = performance.now();
        await ask(folder).catch(() => undefined);
        times.push(performance.now() - start);
      }
    }
    const { p50, p95 } = percentiles(times);
    if (name === "stationmaster") own = { p50, p95 };
    rows.push([
      name,
      p50?.toFixed(1) ?? null,
      p95?.toFixed(1) ?? null,
      right(answers, "language"),
      right(answers, "framework"),
    ]);
  }
  return [
    `${places.length} small applications, each ${RUNS} times in one warm process; right of those whose answer is known`,
    table(["", "p50 ms", "p95 ms", "language", "framework"], rows),
    verdict(`p50 ${own.p50?.toFixed(1)} ms (goal: ${GOALS.p50Ms})`, (own.p50 ?? Number.NaN) <= GOALS.p50Ms),
    verdict(`p95 ${own.p95?.toFixed(1)} ms (goal: ${GOALS.p95Ms})`, (own.p95 ?? Number.NaN) <= GOALS.p95Ms),
  ].join("\n");
}

function right(
  answers: readonly { sample: Place["sample"]; answer: Answer }[],
  what: "language" | "framework",
): string | null {
  const asked = answers.filter(({ sample, answer }) => sample[what] !== undefined && answer[what] !== undefined);
  if (asked.length === 0) return null;
  return `${asked.filter(({ sample, answer }) => sample[what] === answer[what]).length} of ${asked.length}`;
}

async function cold(places: readonly Place[]): Promise<string> {
  const times: number[] = [];
  for (const { folder } of places.slice(0, COLD_RUNS)) times.push((await command(["scan", folder, "--json"])).ms);
  const { p50, p95 } = percentiles(times);
  return [
    `bin/stationmaster scan FOLDER --json from its start to its end: p50 ${p50?.toFixed(0)} ms, p95 ${p95?.toFixed(0)} ms (n = ${times.length})`,
  ].join("\n");
}

async function monorepoLines(folder: string): Promise<string> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) times.push((await command(["scan", folder, "--json"])).ms);
  const child = await start(process.execPath, [HEAP, join(ROOT, "bench/scan-once.ts"), folder]);
  const { services, maxRssMiB } = JSON.parse(child.said) as { services: number; maxRssMiB: number };
  const { p50 } = percentiles(times);
  return [
    `a repository of ${FILES} files with ${services} services, cold: ${p50?.toFixed(0)} ms (median of ${times.length}), ${maxRssMiB} MiB at most`,
    verdict(`below ${GOALS.monorepoMs} ms`, (p50 ?? Number.NaN) < GOALS.monorepoMs),
    verdict(`below ${GOALS.monorepoMiB} MiB`, maxRssMiB < GOALS.monorepoMiB),
  ].join("\n");
}

async function command(args: readonly string[]): Promise<{ ms: number; said: string }> {
  return await start(join(ROOT, "bin/stationmaster"), args);
}

async function start(program: string, args: readonly string[]): Promise<{ ms: number; said: string }> {
  const begin = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { ms: performance.now() - begin, said };
}

if (import.meta.main) process.stdout.write(`${await benchScan()}\n`);
