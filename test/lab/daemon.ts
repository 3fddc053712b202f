import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./command.ts";
import type { Lab } from "./lab.ts";
import { until } from "./until.ts";

const LONG_MS = 10 * 60_000;
const ANSWER_MS = 20_000;

/** Address of the daemon of a lab. */
export function daemonUrl(lab: Lab): string {
  return (JSON.parse(readFileSync(join(lab.state, "daemon.json"), "utf8")) as { url: string }).url;
}

/** What the daemon of a lab answers; rejects unless it is 2xx. */
export async function readDaemon(lab: Lab, path: string): Promise<string> {
  const response = await fetch(daemonUrl(lab) + path, { signal: AbortSignal.timeout(ANSWER_MS) });
  const said = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${said}`);
  return said;
}

/** Waits until a daemon or a worker says that it is ready; rejects when it ends instead. */
export async function ready(command: Command): Promise<Command> {
  await Promise.race([
    until("it is ready", () => command.said().includes("ready: "), 90_000),
    command.done.then(({ stderr }) => Promise.reject(new Error(`it ended: ${stderr}`))),
  ]);
  return command;
}

/** `stationmaster up` as a process of its own, on a port of its own. */
export interface RunningDaemon {
  command: Command;
  /** Ends it as a crash would: its services go on. */
  crash(): Promise<void>;
}

/** Starts the daemon of a lab and waits until it is ready. Whoever starts it ends it: `lab.close` does. */
export async function startDaemon(lab: Lab, env: Record<string, string> = {}): Promise<RunningDaemon> {
  const command = await ready(lab.start(["up", "--port", "0"], { deadlineMs: LONG_MS, env }));
  return {
    command,
    crash: async () => {
      command.child.kill("SIGKILL");
      await command.done;
    },
  };
}
