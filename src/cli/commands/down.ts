import { existsSync } from "node:fs";
import { ExternalError } from "../../core/errors.ts";
import { runningDaemon } from "../../daemon/lock.ts";
import { findPlace } from "../../daemon/place.ts";
import { print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";

const DEADLINE_MS = 120_000;

export async function run(options: GlobalOptions): Promise<void> {
  const place = findPlace(options);
  const daemon = await runningDaemon(place);
  if (daemon) {
    process.kill(daemon.pid, "SIGTERM");
    const end = Date.now() + DEADLINE_MS;
    while (await runningDaemon(place)) {
      if (Date.now() > end)
        throw new ExternalError({
          code: "SM-DOWN-TIMEOUT",
          message: `the daemon (pid ${daemon.pid}) has not ended after ${DEADLINE_MS / 1_000} s`,
          next: `kill -9 ${daemon.pid}, then stationmaster down again`,
        });
      await new Promise((done) => setTimeout(done, 100));
    }
  } else if (existsSync(place.stateDir)) {
    const { stopWithoutDaemon } = await import("../../daemon/one-off.ts");
    await stopWithoutDaemon(place);
  }
  if (options.json) printJson({ stopped: true });
  else print("stopped");
}
