import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { killAll } from "../test/lab/processes.ts";
import { commitOf, machine, section, withSection } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FILE = join(ROOT, "BENCHMARKS.md");

interface Bench {
  measures: string;
  /** Why it cannot run here; undefined when it can. */
  missing?(): Promise<string | undefined>;
  /** `minutes`: how long each part of it is measured, where it can be chosen; `short`: the short form, where there is one. */
  run(options: { minutes?: number; short?: boolean }): Promise<string>;
}

const BENCHES: Record<string, Bench> = {
  rollouts: {
    measures: "failed requests under load through deployments and rollbacks, also with the daemon killed",
    run: async () => {
      const { benchRollouts, formatRollouts } = await import("./rollouts.ts");
      return formatRollouts(await benchRollouts());
    },
  },
  crash: {
    measures: "end state after a kill of the daemon at every journal boundary",
    run: async () => {
      const { benchCrash, formatCrash } = await import("./crash.ts");
      return formatCrash(await benchCrash());
    },
  },
  "hosts-crash": {
    measures: "end state after a kill of the controller at journal boundaries of rollouts on hosts",
    missing: async () => (await import("./hosts.ts")).missingForHosts(),
    run: async () => await (await import("./hosts-crash.ts")).benchHostsCrash(),
  },
  hosts: {
    measures: "rollouts on hosts: failed requests, rollback, overhead, scale; beside docker-compose",
    missing: async () => (await import("./hosts.ts")).missingForHosts(),
    run: async () => await (await import("./hosts.ts")).benchHosts(),
  },
  workers: {
    measures: "rollouts at once in one process, and in two that share a database server",
    run: async () => {
      const { benchWorkers, formatWorkers } = await import("./workers.ts");
      return formatWorkers(await benchWorkers());
    },
  },
  judge: {
    measures: "detection and false FAIL of the canary's judge, simulated, beside the design",
    run: async () => (await import("./judge.ts")).benchJudge(),
  },
  heal: {
    measures: "time from the kill of a service to the open incident and to healthy again",
    run: async () => {
      const { benchHeal, formatHeal } = await import("./heal.ts");
      return formatHeal(await benchHeal());
    },
  },
  watch: {
    measures:
      "cost and punctuality of 10,000 checks every 10 s, also while 2,000 hang; beside the blackbox exporter; --minutes N",
    run: async ({ minutes }) => await (await import("./watch.ts")).benchWatch(minutes),
  },
  "watch-memory": {
    measures: "memory of the whole daemon and of its database without checks and with 10,000; --minutes N",
    run: async ({ minutes }) => await (await import("./watch-memory.ts")).benchWatchMemory(minutes),
  },
  "watch-detect": {
    measures: "time from 200 faults at random moments to their incidents, by class and interval",
    run: async () => await (await import("./watch-detect.ts")).benchWatchDetect(),
  },
  "watch-page": {
    measures: "time from an incident's commit to its first page, also with a first channel that is dead",
    run: async () => await (await import("./watch-page.ts")).benchWatchPage(),
  },
  "watch-restart": {
    measures: "time from a kill of a prober with 1,000 checks until its successor has run each",
    run: async () => await (await import("./watch-restart.ts")).benchWatchRestart(),
  },
  "watch-takeover": {
    measures: "time from a kill of a worker, or a cut of its network, until another runs its checks",
    run: async () => await (await import("./watch-takeover.ts")).benchWatchTakeover(),
  },
  "watch-sim": {
    measures: "faults missed, false incidents, pages and healing actions of played scenarios",
    run: async () => await (await import("./watch-sim.ts")).benchWatchSim(),
  },
  "watch-peers": {
    measures: "one script in real time beside other monitors: time to alert, missed, false, pages; --short",
    run: async ({ short }) => await (await import("./watch-peers.ts")).benchWatchPeers({ short }),
  },
  "watch-scale": {
    measures: "memory, CPU and kept interval of the whole daemon with 100, 1,000 and 10,000 checks; Uptime Kuma beside",
    run: async () => await (await import("./watch-scale.ts")).benchWatchScale(),
  },
  scan: {
    measures: "time and memory of a scan, of small applications and of 10,000 files, also cold; beside other tools",
    run: async () => await (await import("./scan.ts")).benchScan(),
  },
  router: {
    measures: "latency and throughput of the router beside a direct connection and HAProxy",
    run: async () => {
      const { benchRouter, formatRouterBench } = await import("./router.ts");
      return formatRouterBench(await benchRouter());
    },
  },
  footprint: {
    measures: "idle memory, cold start of the command line, first and second `npm start`",
    run: async () => {
      const { benchFootprint, formatFootprint } = await import("./footprint.ts");
      return formatFootprint(await benchFootprint());
    },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: "boolean" }, minutes: { type: "string" }, short: { type: "boolean" } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !BENCHES[name]);
if (unknown.length > 0) {
  console.error(`error SM-USAGE: no benchmark ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}`);
  process.exitCode = 2;
} else if (values.list) {
  for (const [name, { measures }] of Object.entries(BENCHES)) console.log(`${name.padEnd(15)}${measures}`);
} else process.exitCode = await runAll(names);

/** Runs them one after another; one that breaks does not stop the others. Answers the exit code. */
async function runAll(chosen: readonly string[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "sm-bench-"));
  // All that a benchmark starts names this folder, so that an interrupt can end it; the database server of a root user passes through.
  chmodSync(scratch, 0o755);
  process.env.TMPDIR = scratch;
  const clear = () => {
    killAll(scratch);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      clear();
      process.exit(130);
    });
  console.log(machine());
  let code = 0;
  const { minutes, short = false } = values;
  const options = { short, ...(minutes === undefined ? {} : { minutes: Number(minutes) }) };
  for (const name of chosen) {
    const start = performance.now();
    try {
      const missing = await BENCHES[name]?.missing?.();
      if (missing) {
        console.log(`\n— ${name} skipped: ${missing}`);
        continue;
      }
      const result = (await BENCHES[name]?.run(options)) ?? "";
      console.log(`\n— ${name}\n${result}`);
      const text = section({ result, commit: commitOf(ROOT), tookMs: performance.now() - start });
      writeFileSync(FILE, withSection(readFileSync(FILE, "utf8"), name, text));
    } catch (error) {
      code = 1;
      console.error(`\n— ${name} broke off:`, error);
    }
  }
  clear();
  return code;
}
