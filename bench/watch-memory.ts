import { type ExecFileOptions, execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Workers } from "../src/contract/worker.ts";
import { type Memory, memoryOf, tree } from "./load/memory.ts";
import { clear, pidOf, scratch } from "./load/place.ts";
import { table, verdict } from "./report.ts";
import { EVERY_MS } from "./watch/bed.ts";
import { startChild } from "./watch/child.ts";
import { addressOf, type TargetOrder } from "./watch/targets.ts";

const STATIONMASTER = fileURLToPath(new URL("../bin/stationmaster", import.meta.url));
const CHECKS = [0, 1_000, 10_000] as const;
const MINUTES = 10;
const COMMAND_MS = 5 * 60_000;
const GOALS = { wholeMiB: 400, perThousandMiB: 10 };

interface Case {
  checks: number;
  daemon: Memory;
  store: Memory;
  latenessP99: number | null;
  skipped: number;
}

/** What the whole daemon takes, started as people do and with a store of its own, `minutes` after its start. */
export async function benchWatchMemory(minutes = MINUTES): Promise<string> {
  const targets = startChild<TargetOrder>("targets.ts");
  try {
    const port = await targets.tell<number>({ open: Math.max(...CHECKS) });
    const cases: Case[] = [];
    for (const checks of CHECKS) cases.push(await measure(checks, port, minutes));
    return format(cases, minutes);
  } finally {
    await targets.kill();
  }
}

async function measure(checks: number, port: number, minutes: number): Promise<Case> {
  const folder = scratch("watch-memory-");
  const [state, source] = [join(folder, "state"), join(folder, "source")];
  mkdirSync(source);
  const place = ["--config", writeManifest(source, checks, port), "--state", state];
  try {
    await command([...place, "up", "--detach", "--port", "0"]);
    await delay(minutes * 60_000);
    const daemon = memoryOf([pidOf(state, "cli/main.ts", " up ")]);
    const store = memoryOf(tree(pidOf(state, "postgres -D", join(state, "db"))));
    const { latenessP99 = null, skipped = 0 } = (await schedulerOf(state)) ?? {};
    return { checks, daemon, store, latenessP99, skipped };
  } finally {
    await command([...place, "down"]).catch((error: unknown) => console.error(error));
    await clear(folder);
  }
}

function writeManifest(folder: string, checks: number, port: number): string {
  const asked = Array.from({ length: checks }, (_, index) => [
    `t${index}`,
    { url: `http://${addressOf(index)}:${port}/`, every: `${EVERY_MS / 1_000}s` },
  ]);
  const file = join(folder, "stationmaster.yaml");
  const manifest = {
    project: "bench",
    services: { idle: { kind: "worker", path: ".", start: "sleep infinity" } },
    environments: { local: { platform: "local" } },
    checks: Object.fromEntries(asked),
  };
  writeFileSync(file, JSON.stringify(manifest));
  return file;
}

async function command(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DATABASE_URL: undefined, NO_COLOR: "1" };
  const options: ExecFileOptions = { env, timeout: COMMAND_MS };
  await promisify(execFile)(STATIONMASTER, [...args], options);
}

async function schedulerOf(state: string) {
  const { url } = JSON.parse(readFileSync(join(state, "daemon.json"), "utf8")) as { url: string };
  const response = await fetch(`${url}/api/workers`, { signal: AbortSignal.timeout(COMMAND_MS) });
  return Workers.parse(await response.json()).scheduler;
}

function format(cases: readonly Case[], minutes: number): string {
  const [empty] = cases;
  const full = cases.at(-1);
  const whole = full?.daemon.rss ?? Number.POSITIVE_INFINITY;
  const perThousand = (whole - (empty?.daemon.rss ?? 0)) / ((full?.checks ?? 0) / 1_000);
  return [
    `HTTP checks every ${EVERY_MS / 1_000} s; the daemon and the database it keeps, ${minutes} min after the start (PSS shares common pages among their users)`,
    table(
      ["checks", "daemon RSS MiB", "database processes", "database PSS MiB", "late p99 ms", "skipped"],
      cases.map(({ checks, daemon, store, latenessP99, skipped }) => [
        ...[checks, daemon.rss, store.processes, store.pss],
        ...[latenessP99 === null ? null : latenessP99.toFixed(1), skipped],
      ]),
    ),
    verdict(`the daemon below ${GOALS.wholeMiB} MiB with ${full?.checks} checks`, whole < GOALS.wholeMiB),
    verdict(
      `${perThousand.toFixed(1)} MiB for each 1,000 checks (goal: ${GOALS.perThousandMiB} at most)`,
      perThousand <= GOALS.perThousandMiB,
    ),
  ].join("\n");
}
