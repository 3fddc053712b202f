import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ExternalError, UserError } from "../../core/errors.ts";
import { dataFolders } from "../../daemon/data.ts";
import { type DaemonFile, runningDaemon } from "../../daemon/lock.ts";
import { findPlace, type Place } from "../../daemon/place.ts";
import { isAlive } from "../../exec/process.ts";
import { print, printJson } from "../output.ts";
import type { RemovalOptions } from "../removal.ts";

const DEADLINE_MS = 120_000;
const POLL_MS = 100;

export async function run(options: RemovalOptions & { remove?: boolean }, named?: string): Promise<void> {
  const env = named ?? options.env;
  if (options.remove) {
    const { removeFromHosts } = await import("../removal.ts");
    return await removeFromHosts(options, env, endDaemon);
  }
  const place = findPlace(options);
  const { ran, database = false, remaining } = await stop(place, env);
  const data = existsSync(place.stateDir) ? await dataFolders(place) : [];
  if (options.json) return printJson({ stopped: ran, database, remaining, data });
  const rest = remaining.length > 0 ? `; ${remaining.join(", ")} goes on` : "";
  const ended = database ? "no service was running; ended the database of Stationmaster" : "nothing was running";
  print(`${ran ? "stopped" : ended}${rest}${data.length > 0 ? `; data stays in ${data.join(" and ")}` : ""}`);
}

/** Answers whether anything ran, whether the database did by itself, and the environments that go on. */
async function stop(
  place: Place,
  environment: string | undefined,
): Promise<{ ran: boolean; database?: boolean; remaining: string[] }> {
  const daemon = await runningDaemon(place);
  if (daemon) {
    requireSame(daemon, environment);
    await endDaemon(daemon);
    // One that was only starting had not taken over what an earlier one left.
    if (daemon.url) return { ran: true, remaining: [] };
  }
  const ran = daemon !== undefined;
  if (!existsSync(place.stateDir)) return { ran, remaining: [] };
  const [{ stopEnvironment, stopWithoutDaemon }, { storeRuns }] = await Promise.all([
    import("../../daemon/down.ts"),
    import("../../daemon/store.ts"),
  ]);
  if (environment !== undefined) return { ran: true, remaining: await stopEnvironment(place, environment) };
  // Looking for services starts it.
  const database = await storeRuns(place);
  return { ran: (await stopWithoutDaemon(place)) || ran, database, remaining: [] };
}

/** A daemon that ends stops all of its state directory, so another environment than its own is no way to ask for that. */
function requireSame(daemon: DaemonFile, environment: string | undefined): void {
  if (environment === undefined || daemon.environment === null || daemon.environment === environment) return;
  throw new UserError({
    code: "SM-ENVIRONMENT",
    message: `the daemon (pid ${daemon.pid}) runs ${daemon.environment}, not ${environment}`,
    next: "stationmaster down without --env stops everything of the state directory",
  });
}

/** Asks the daemon to stop and waits until its process has ended. */
async function endDaemon({ pid, started }: DaemonFile): Promise<void> {
  process.kill(pid, "SIGTERM");
  const end = performance.now() + DEADLINE_MS;
  while (await isAlive({ pid, started })) {
    if (performance.now() > end)
      throw new ExternalError({
        code: "SM-DOWN-TIMEOUT",
        message: `the daemon (pid ${pid}) has not ended after ${DEADLINE_MS / 1_000} s`,
        next: `kill -9 ${pid}, then stationmaster down again`,
      });
    await delay(POLL_MS);
  }
}
