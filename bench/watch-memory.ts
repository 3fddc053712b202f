import { setTimeout as delay } from "node:timers/promises";
import { type Memory, memoryOf } from "./load/memory.ts";
import { table, verdict } from "./report.ts";
import { EVERY_MS } from "./watch/bed.ts";
import { startChild } from "./watch/child.ts";
import type { TargetOrder } from "./watch/targets.ts";
import { startWhole } from "./watch/whole.ts";

const CHECKS = [0, 10_000] as const;
const MINUTES = 10;
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
  const whole = await startWhole({ checks, port, everyMs: EVERY_MS });
  try {
    await delay(minutes * 60_000);
    const { latenessP99 = null, skipped = 0 } = (await whole.scheduler()) ?? {};
    return { checks, daemon: memoryOf([whole.daemon]), store: memoryOf(whole.store()), latenessP99, skipped };
  } finally {
    await whole.stop();
  }
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
