import type { Clock } from "../../../core/clock.ts";
import type { Host } from "../../../exec/host.ts";
import { ask } from "./ask.ts";
import { type Processes, type ProxyProcess, parseProcesses, parseWorker, type SeenWorker } from "./parse.ts";

/** A worker process and what it says. */
export interface Worker extends ProxyProcess {
  seen: SeenWorker;
}

/** What the whole proxy says at one time. */
export interface Look extends Processes {
  workers: Worker[];
  /** The one that takes new connections. */
  current: Worker;
  /** What has to be added to our time to get the host's, in ms; known to within half a round trip. */
  skew: number;
  /** When it began, on our clock that never goes back. */
  at: number;
}

/** Asks the master process for its workers; undefined when the proxy does not run. */
export async function lookAtProcesses(host: Host, master: string, signal: AbortSignal): Promise<Processes | undefined> {
  return parseProcesses((await ask(host, master, ["show proc"], signal)) ?? "");
}

/** Asks every worker, also those that a reload has left; undefined when the proxy does not run, or not yet. */
export async function look(
  host: Host,
  files: { master: string; map: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<Look | undefined> {
  const at = clock.monotonic();
  const processes = await lookAtProcesses(host, files.master, signal);
  if (!processes) return undefined;
  const questions = ["show info", "show activity", "show stat -1 6 -1", `show map ${files.map}`, "show table streams"];
  const workers: Worker[] = [];
  let skew = 0;
  for (const { pid, old } of processes.workers) {
    const asked = clock.now();
    const text = await ask(host, files.master, to(pid, questions), signal);
    const seen = parseWorker(text ?? "");
    // It has ended in between.
    if (seen.structure === "") continue;
    skew = seen.now - (asked + clock.now()) / 2;
    workers.push({ pid, old, seen });
  }
  // After a reload that failed, the master counts the good worker among the old ones.
  const current = workers.find(({ old }) => !old) ?? workers.at(0);
  return current && { ...processes, workers, current, skew, at };
}

/** Commands for one worker, by way of the master. */
export function to(pid: number, commands: readonly string[]): string[] {
  return commands.map((command) => `@!${pid} ${command}`);
}
