import type { SchedulerView } from "../contract/scheduler.ts";
import type { Workers } from "../contract/worker.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { showMs } from "./check-lines.ts";
import { ago, print, printJson, state, table } from "./output.ts";

/** Prints the processes that share the checks, and how the one that answers keeps up. */
export async function showWorkers(usecases: Pick<UseCases, "workers">, { json }: { json?: boolean }): Promise<void> {
  const found = await usecases.workers();
  if (json) printJson(found);
  else print([workerTable(found), ...(found.scheduler ? [schedulerLine(found.scheduler)] : [])].join("\n\n"));
}

function schedulerLine({ latenessP50, latenessP99, inflight, slots, skipped, slowed }: SchedulerView): string {
  const lateness = `begins ${showMs(latenessP50)} after its time (p99 ${showMs(latenessP99)})`;
  const running = `${inflight.fast + inflight.slow} of ${slots} slots taken, ${inflight.slow} by checks that timed out`;
  return `scheduler of the daemon: a run ${lateness}; ${running}; ${skipped} runs left out, ${slowed} checks slowed`;
}

function workerTable({ workers, shards, unowned }: Workers): string {
  if (workers.length === 0) return "one daemon runs every check; workers need DATABASE_URL";
  const rows = workers.map(({ id, role, host, pid, live, leads, shards: own, seenAt }) => [
    id,
    role,
    `${host} ${pid}`,
    state(live ? "running" : "gone"),
    `${own} of ${shards}`,
    leads ? "leads" : "",
    ago(seenAt),
  ]);
  const rest = unowned > 0 ? `\n${unowned} shards are run by nobody at the moment` : "";
  return `${table(["worker", "role", "process", "state", "shards", "", "seen"], rows)}${rest}`;
}
