import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../src/core/clock.ts";
import { createRedactor } from "../src/core/redact.ts";
import { seeded } from "../src/deploy/analysis/random.ts";
import { openStore, type Store } from "../src/store/connect.ts";
import { sql } from "../src/store/drizzle.ts";
import { createWatch } from "../src/watch/watch.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";
import { withBed } from "./watch/bed.ts";
import { startDuty } from "./watch/duty.ts";
import { specOf } from "./watch/spec.ts";

const FAULTS_EACH = 50;
const TIMEOUT_MS = 10_000;
/** Interval, what the target does, and the longest time that the schedule allows, in milliseconds. */
const CASES = [
  { everyMs: 30_000, does: "refuse", boundMs: 49_000 },
  { everyMs: 30_000, does: "hang", boundMs: 79_000 },
  { everyMs: 60_000, does: "refuse", boundMs: 82_000 },
  { everyMs: 60_000, does: "hang", boundMs: 112_000 },
] as const;
const LONGEST_MS = 120_000;
const SLOWEST_MS = 60_000;
const SEED = 4;

/** From a fault at a random moment to its open incident, by what fails how and how often it is looked at. */
export async function benchWatchDetect(): Promise<string> {
  const count = FAULTS_EACH * CASES.length;
  const times = await withBed(count, async ({ targets, order }) => {
    const store = await openStore({ url: order.store });
    const duty = startDuty({ store, channels: new Map(), escalate: {}, onChange: () => {} });
    const watch = createWatch({
      ...{ store, environment: "bench", clock: systemClock, redact: createRedactor() },
      processes: () => Promise.reject(new Error("there are no processes")),
      onVerdict: (event) => duty.incidents.handle(event),
    });
    try {
      const specs = Array.from({ length: count }, (_, index) =>
        specOf(index, { ...order, everyMs: caseOf(index).everyMs, timeoutMs: TIMEOUT_MS }),
      );
      await watch.setChecks(specs);
      watch.start();
      // Each has answered before it fails.
      await delay(1.1 * SLOWEST_MS);
      const random = seeded(SEED);
      const plan = specs.map((_, index) => ({ index, inMs: random() * SLOWEST_MS })).sort((a, b) => a.inMs - b.inMs);
      const [begin, failedAt] = [Date.now(), new Map<number, number>()];
      for (const { index, inMs } of plan) {
        await delay(Math.max(0, begin + inMs - Date.now()));
        failedAt.set(index, Date.now());
        await targets.tell({ from: index, to: index + 1, does: caseOf(index).does });
      }
      await delay(LONGEST_MS);
      const opened = await openings(store);
      return specs.map(({ service }, index) => (opened.get(service ?? "") ?? Number.NaN) - (failedAt.get(index) ?? 0));
    } finally {
      await watch.stop();
      await duty.stop();
      await store.close();
    }
  });
  const rows = CASES.map((one) => ({ ...one, times: times.filter((_, index) => caseOf(index) === one) }));
  const found = (all: readonly number[]) => all.filter((ms) => !Number.isNaN(ms));
  return [
    `${count} faults at random moments of a minute, ${FAULTS_EACH} a row; timeout ${TIMEOUT_MS / 1_000} s`,
    table(
      ["interval s", "the target", "found", "p50 s", "p95 s", "max s", "bound s"],
      rows.map(({ everyMs, does, boundMs, times: all }) => {
        const { p50, p95 } = percentiles(found(all));
        const most = Math.max(...found(all));
        return [everyMs / 1_000, does, found(all).length, seconds(p50), seconds(p95), seconds(most), boundMs / 1_000];
      }),
    ),
    verdict(`${found(times).length} of ${count} faults found`, found(times).length === count),
    verdict(
      "each within its bound",
      rows.every(({ times: all, boundMs }) => found(all).every((ms) => ms <= boundMs)),
    ),
  ].join("\n");
}

function caseOf(index: number): (typeof CASES)[number] {
  return CASES[index % CASES.length] ?? CASES[0];
}

async function openings({ db }: Store): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ service: string; opened_at: string | Date }>(
    sql`SELECT service, opened_at FROM incident WHERE state <> 'suspect'`,
  );
  return new Map(rows.map(({ service, opened_at }) => [service, new Date(opened_at).getTime()]));
}
