import { bootTimes } from "../store/boot-times.ts";
import { stableUnits } from "./fresh.ts";
import type { Site } from "./run.ts";

const MINUTE_MS = 60_000;
const SHORTEST_RESTART_MS = 5 * MINUTE_MS;
const LONGEST_RESTART_MS = 60 * MINUTE_MS;
/** For one unit to take its place, and for the old one to leave. */
const EXCHANGE_MS = MINUTE_MS;

/** The time within which 95 % of these starts were done, by nearest rank, in ms; null without any. */
export function usualBoot(times: readonly number[]): number | null {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null;
}

/** How long a restart of a service may take, in ms: its units start one after another, each in up to twice the usual time. */
export async function restartLimit(site: Site, service: string): Promise<number> {
  const { dependencies, row } = site;
  const [units, times] = await Promise.all([
    stableUnits(site, service),
    bootTimes(dependencies.store.db, { ...row, service }),
  ]);
  return limitFor(units.length, usualBoot(times) ?? 0);
}

/** The limit for so many units that usually start in `bootMs`. */
export function limitFor(units: number, bootMs: number): number {
  const wanted = units * (2 * bootMs + EXCHANGE_MS);
  return Math.min(LONGEST_RESTART_MS, Math.max(SHORTEST_RESTART_MS, wanted));
}
