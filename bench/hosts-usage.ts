import { subscribe } from "node:diagnostics_channel";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a process has used, told when it ends. */
export interface Usage {
  /** Milliseconds of CPU: its own, and of the programs that it waited for (ssh). */
  ownMs: number;
  programsMs: number;
  /** Memory that it held at its end, and the most at once, MiB. */
  memory: number;
  most: number;
  /** How often it started ssh: each is a command on a host, or one to the shared connection. */
  ssh: number;
}

const TICK_MS = 10;

/** The environment that has a Node process write its `Usage` to a file. */
export function withUsage(file: string): Record<string, string> {
  return { NODE_OPTIONS: `--import ${fileURLToPath(import.meta.url)}`, BENCH_USAGE: file };
}

const file = process.env.BENCH_USAGE;
if (file) {
  const started: { spawnfile?: string }[] = [];
  subscribe("child_process", (message) => {
    started.push((message as { process: { spawnfile?: string } }).process);
  });
  process.once("exit", () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    // Not maxRSS: that begins with what the process held that started this one.
    const most = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
    // Fields 16 and 17: ticks of children it has waited for. The name before may hold blanks, and ends with the last bracket.
    const [, fields = ""] = /.*\) (.*)/s.exec(readFileSync("/proc/self/stat", "utf8")) ?? [];
    const [user, system] = fields.split(" ").slice(13, 15).map(Number);
    const usage: Usage = {
      ownMs: (userCPUTime + systemCPUTime) / 1_000,
      programsMs: ((user ?? 0) + (system ?? 0)) * TICK_MS,
      memory: Math.round(process.memoryUsage.rss() / 2 ** 20),
      most: Math.round(most / 1_024),
      ssh: started.filter(({ spawnfile }) => spawnfile === "ssh").length,
    };
    writeFileSync(file, JSON.stringify(usage));
  });
}
