import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../test/labs/missing.ts";
import { seconds, table, verdict } from "./report.ts";
import { EVERY_MS, withBed } from "./watch/bed.ts";
import { type ExporterFigures, startExporter } from "./watch/exporter.ts";
import { costs, perCpuSecond, startProber } from "./watch/figures.ts";
import type { Begun, Measured } from "./watch/prober.ts";
import { benchSecure } from "./watch/secure.ts";
import type { ProberOrder } from "./watch/spec.ts";

const EXPORTER = "prometheus-blackbox-exporter";
const CHECKS = 10_000;
const HANGING = 2_000;
const MINUTES = 10;
const SECURE_MINUTES = 2;
const MINUTE_MS = 60_000;
const GOALS = { perCpuSecond: 1_500, latenessMs: 100, mibPerThousand: 10 };

/** What the prober costs and how punctual it is, for `minutes` each: targets well, then 2,000 that hang, then fewer with TLS; the exporter on the same targets. */
export async function benchWatch(minutes = MINUTES): Promise<string> {
  const program = findProgram(EXPORTER);
  const plain = await withBed(CHECKS, async ({ targets, order }) => {
    const prober = startProber();
    const begun = await prober.tell<Begun>({ begin: order });
    const well = await prober.tell<Measured>({ measureMs: minutes * MINUTE_MS });
    await targets.tell({ from: 0, to: HANGING, does: "hang" });
    const hanging = await prober.tell<Measured>({ measureMs: minutes * MINUTE_MS });
    await targets.tell({ from: 0, to: HANGING, does: "answer" });
    await prober.tell("end");
    const peer = program === undefined ? undefined : await besides(program, order, minutes);
    return formatWatch({ minutes, begun, well, hanging, peer });
  });
  const secureMinutes = Math.min(minutes, SECURE_MINUTES);
  const secure = await benchSecure(
    secureMinutes,
    program === undefined ? undefined : (order) => besides(program, order, secureMinutes),
  );
  return `${plain}\n${secure}`;
}

async function besides(program: string, order: ProberOrder, minutes: number): Promise<ExporterFigures> {
  const folder = mkdtempSync(join(tmpdir(), "sm-exporter-"));
  const exporter = await startExporter({ program, folder, ...order });
  try {
    return await exporter.measure(minutes * MINUTE_MS);
  } finally {
    await exporter.stop();
    rmSync(folder, { recursive: true });
  }
}

interface WatchBench {
  minutes: number;
  begun: Begun;
  well: Measured;
  hanging: Measured;
  peer: ExporterFigures | undefined;
}

function formatWatch({ minutes, begun, well, hanging, peer }: WatchBench): string {
  const own = (what: string, one: Measured) => [
    what,
    ...costs(one),
    (one.latenessP50 ?? 0).toFixed(1),
    (one.latenessP99 ?? 0).toFixed(1),
    (one.fastLatenessP99 ?? 0).toFixed(1),
    one.skipped,
  ];
  const perThousand = (well.rssMiB - begun.emptyMiB) / (CHECKS / 1_000);
  return [
    `${CHECKS} HTTP checks every ${EVERY_MS / 1_000} s, each on an address of its own and a new connection each run; ${minutes} min a row`,
    table(
      [
        "",
        "runs/s",
        "failed",
        "CPU",
        "runs/CPU-s",
        "RSS MiB",
        "late p50 ms",
        "late p99 ms",
        "answering late p99 ms",
        "skipped",
      ],
      [
        own("all targets well", well),
        own(`${HANGING} begin to hang`, hanging),
        ...(peer ? [[`${EXPORTER}, no schedule, no state`, ...costs(peer), null, null, null, null]] : []),
      ],
    ),
    `each check had run ${seconds(begun.coveredMs)} s after the start of the process; ${Math.round(begun.emptyMiB)} MiB without checks`,
    verdict(`at least ${GOALS.perCpuSecond} runs per CPU-second`, perCpuSecond(well) >= GOALS.perCpuSecond),
    ...(peer
      ? [verdict("at least as many runs per CPU-second as the exporter", perCpuSecond(well) >= perCpuSecond(peer))]
      : []),
    ...(peer ? [] : [`skipped: the comparison, ${EXPORTER} is not installed`]),
    verdict(`late by less than ${GOALS.latenessMs} ms (p99)`, (well.latenessP99 ?? 0) < GOALS.latenessMs),
    verdict(
      `checks that answer late by less than ${GOALS.latenessMs} ms (p99) while ${HANGING} hang`,
      (hanging.fastLatenessP99 ?? 0) < GOALS.latenessMs,
    ),
    verdict(
      `${perThousand.toFixed(1)} MiB for each 1,000 checks (goal: ${GOALS.mibPerThousand} at most)`,
      perThousand <= GOALS.mibPerThousand,
    ),
  ].join("\n");
}
