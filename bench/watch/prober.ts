import { systemClock } from "../../src/core/clock.ts";
import { type Histogram, quantile } from "../../src/core/histogram.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { openStore } from "../../src/store/connect.ts";
import { createWatch } from "../../src/watch/watch.ts";
import { type ProberOrder, specOf } from "./spec.ts";

/** What a prober does with an order, or does for so many milliseconds. */
export type ProberMessage = { begin: ProberOrder } | { measureMs: number } | "end";

export interface Begun {
  /** MiB, with the store open and no check. */
  emptyMiB: number;
  /** From the start of the process until the store is open, and until each check has run. */
  readyMs: number;
  coveredMs: number;
}

export interface Measured {
  runs: number;
  failed: number;
  cpuMs: number;
  tookMs: number;
  rssMiB: number;
  /** Of runs that began meanwhile. */
  latenessP50: number | null;
  latenessP99: number | null;
  /** Of checks that did not time out the time before. */
  fastLatenessP99: number | null;
  skipped: number;
  slowed: number;
}

/** A watch alone in a process, so that what it costs can be told from everything else. */
async function prober({ store: url, checks, ...order }: ProberOrder) {
  const store = await openStore({ url });
  const counts = { runs: 0, failed: 0 };
  const seen = new Set<string>();
  const covered = Promise.withResolvers<number>();
  const watch = createWatch({
    store,
    environment: "bench",
    clock: systemClock,
    redact: createRedactor(),
    processes: () => Promise.reject(new Error("there are no processes")),
    onVerdict: () => {},
    onResult: (spec, { outcome }) => {
      counts.runs++;
      if (outcome !== "ok") counts.failed++;
      if (seen.size < checks && seen.add(spec.id).size === checks) covered.resolve(performance.now());
    },
    onProblem: (what, error) => console.error(what, error),
  });
  watch.start();
  const [emptyMiB, readyMs] = [rssMiB(), performance.now()];
  await watch.setChecks(Array.from({ length: checks }, (_, index) => specOf(index, order)));
  const begun: Begun = { emptyMiB, readyMs, coveredMs: await covered.promise };

  async function measure(ms: number): Promise<Measured> {
    const [before, cpu, from] = [watch.figures(), process.cpuUsage(), performance.now()];
    const { runs, failed } = counts;
    await systemClock.sleep(ms);
    const { user, system } = process.cpuUsage(cpu);
    const after = watch.figures();
    const lateness = without(after.lateness, before.lateness);
    const fast = without(after.fastLateness, before.fastLateness);
    return {
      ...{ runs: counts.runs - runs, failed: counts.failed - failed, tookMs: performance.now() - from },
      ...{ cpuMs: (user + system) / 1_000, rssMiB: rssMiB() },
      ...{ latenessP50: quantile(lateness, 0.5), latenessP99: quantile(lateness, 0.99) },
      fastLatenessP99: quantile(fast, 0.99),
      ...{ skipped: after.skipped - before.skipped, slowed: after.slowed },
    };
  }

  const stop = async () => {
    await watch.stop();
    await store.close();
  };
  return { begun, measure, stop };
}

function without(after: Histogram, before: Histogram): Histogram {
  return Object.fromEntries(
    Object.entries(after).map(([bucket, count]) => [bucket, count - (before[Number(bucket)] ?? 0)]),
  );
}

function rssMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

function takeOrders(): void {
  let running: Awaited<ReturnType<typeof prober>> | undefined;
  process.on("message", async (message: ProberMessage) => {
    if (message === "end") {
      await running?.stop();
      process.send?.("ended", () => process.exit(0));
    } else if ("begin" in message) {
      running = await prober(message.begin);
      process.send?.(running.begun);
    } else process.send?.(await running?.measure(message.measureMs));
  });
  process.on("disconnect", () => process.exit(0));
}

if (import.meta.main) takeOrders();
