import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clear, scratch } from "./load/place.ts";
import { percentiles } from "./load.ts";
import { table, verdict } from "./report.ts";
import { infrastructure } from "./scan/infrastructure.ts";
import { monorepo } from "./scan/monorepo.ts";
import { SAMPLES, writeFiles } from "./scan/repositories.ts";
import { type Place, sideBySide } from "./scan/side-by-side.ts";
import { command, type Ended, onTerminal, program } from "./scan/start.ts";
import { writeAll } from "./scan/write-all.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COLD_RUNS = 5;
const FILES = 10_000;
const INFRASTRUCTURE_FILES = 200;
const GOALS = { monorepoMs: 1_500, monorepoMiB: 300, firstMs: 150 };

/** How long a scan takes, in this process and cold, for small applications and a large repository; beside other tools. */
export async function benchScan(): Promise<string> {
  const folder = scratch("scan-");
  try {
    const places: Place[] = SAMPLES.map((sample) => ({ sample, folder: join(folder, sample.name) }));
    for (const sample of SAMPLES) writeFiles(join(folder, sample.name), sample.files);
    for (const name of readdirSync(join(ROOT, "examples")))
      places.push({ sample: { name: `examples/${name}` }, folder: join(ROOT, "examples", name) });
    writeFiles(join(folder, "monorepo"), monorepo(FILES));
    writeFiles(join(folder, "infrastructure"), infrastructure(INFRASTRUCTURE_FILES));
    const { lines, own } = await sideBySide(places);
    return [
      lines,
      await bySample(places, own),
      await large(join(folder, "monorepo")),
      await writeAll(join(folder, "express")),
      await checked(join(folder, "infrastructure")),
    ].join("\n\n");
  } finally {
    await clear(folder);
  }
}

/** Each sample in this process, and from the start of the command to its end. */
async function bySample(places: readonly Place[], own: ReadonlyMap<string, number[]>): Promise<string> {
  const all: number[] = [];
  const rows: (string | null)[][] = [];
  for (const { sample, folder } of places) {
    const cold = await repeated(() => command(["scan", folder, "--json"]));
    all.push(...cold.map(({ ms }) => ms));
    const warm = percentiles(own.get(sample.name) ?? []);
    const { p50, p95 } = percentiles(cold.map(({ ms }) => ms));
    rows.push([sample.name, text(warm.p50, 1), text(warm.p95, 1), text(p50), text(p95)]);
  }
  const { p50, p95 } = percentiles(all);
  return [
    `a scan in this process, and \`scan FOLDER --json\` from its start to its end (n = ${COLD_RUNS} each)`,
    table(["", "p50 ms", "p95 ms", "cold p50 ms", "cold p95 ms"], [...rows, ["all", null, null, text(p50), text(p95)]]),
    ...(await firstOutput(places)),
  ].join("\n");
}

async function firstOutput(places: readonly Place[]): Promise<string[]> {
  const ended = await Promise.all(places.slice(0, 1).map(({ folder }) => onTerminal(["scan", folder])));
  if (ended.includes(undefined)) return ["no terminal could be made: the time to the first output was not measured"];
  const first: number[] = [];
  for (const { folder } of places) first.push((await onTerminal(["scan", folder]))?.firstMs ?? Number.NaN);
  const { p50, p95 } = percentiles(first);
  const what = `first output on a terminal p50 ${text(p50)} ms, p95 ${text(p95)} ms (goal: ${GOALS.firstMs} at most)`;
  return [verdict(what, (p95 ?? Number.NaN) <= GOALS.firstMs)];
}

async function large(folder: string): Promise<string> {
  const times = (await repeated(() => command(["scan", folder, "--json"]))).map(({ ms }) => ms);
  const { said } = await program("scan-once.ts", [folder]);
  const { services, maxRssMiB } = JSON.parse(said) as { services: number; maxRssMiB: number };
  const { p50 } = percentiles(times);
  return [
    `a made repository of ${FILES} files with ${services} services, cold: ${text(p50)} ms (median of ${times.length}), ${maxRssMiB} MiB at most`,
    verdict(`${GOALS.monorepoMs} ms at most`, (p50 ?? Number.NaN) <= GOALS.monorepoMs),
    verdict(`${GOALS.monorepoMiB} MiB at most`, maxRssMiB <= GOALS.monorepoMiB),
  ].join("\n");
}

/** Nothing is promised of a check; what is here was quadratic once. */
async function checked(folder: string): Promise<string> {
  const { p50 } = percentiles((await repeated(() => command(["check", folder, "--json"], [0, 1]))).map(({ ms }) => ms));
  return `\`check\` of a made repository with ${INFRASTRUCTURE_FILES} infrastructure files, cold: ${text(p50)} ms (median of ${COLD_RUNS})`;
}

async function repeated(run: () => Promise<Ended>): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (let at = 0; at < COLD_RUNS; at += 1) ended.push(await run());
  return ended;
}

function text(ms: number | null, digits = 0): string {
  return ms?.toFixed(digits) ?? "–";
}
