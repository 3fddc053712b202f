import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExternalError } from "../core/errors.ts";
import { runningDaemon } from "../daemon/lock.ts";
import { findPlace, makePlace } from "../daemon/place.ts";
import { spawnDetached } from "../exec/process.ts";
import { print, printJson } from "./output.ts";
import type { UpOptions } from "./up-options.ts";

const READY_LINE = "ready: ";
const POLL_MS = 150;
const DEADLINE_MS = 10 * 60_000;

/** Starts the daemon in a session of its own and waits until the application is up. */
export async function detach(options: Omit<UpOptions, "port"> & { port: number }): Promise<void> {
  const place = findPlace(options);
  makePlace(place);
  const logFile = join(place.stateDir, "daemon.log");
  rmSync(logFile, { force: true });
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const args = [
    main,
    "up",
    "--config",
    place.configFile,
    "--state",
    place.stateDir,
    "--port",
    String(options.port),
    "--host",
    options.host,
  ];
  if (options.env) args.push("--env", options.env);
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env = { ...Object.fromEntries(inherited), ...(options.token ? { STATIONMASTER_TOKEN: options.token } : {}) };
  const child = await spawnDetached({ argv: [process.execPath, ...args], cwd: process.cwd(), env, logFile });
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  for (const end = Date.now() + DEADLINE_MS; ; await new Promise((done) => setTimeout(done, POLL_MS))) {
    const said = readFileSync(logFile, "utf8");
    if (ended) throw asError(said, logFile);
    if (said.includes(READY_LINE)) break;
    if (Date.now() > end)
      throw new ExternalError({
        code: "SM-UP-TIMEOUT",
        message: "the daemon is not ready yet",
        next: `it goes on; see ${logFile}`,
      });
  }
  const daemon = await runningDaemon(place);
  if (options.json) printJson({ url: daemon?.url ?? null, pid: child.pid, log: logFile });
  else print(`running as pid ${child.pid}: ${daemon?.url ?? ""} · stationmaster down stops it · log ${logFile}`);
}

/** The one line the daemon ended with, as our own error. */
function asError(said: string, logFile: string): ExternalError {
  const line = said
    .trim()
    .split("\n")
    .findLast((text) => text.startsWith("error "));
  const match = /^error (\S+): (.*)$/.exec(line ?? "");
  return new ExternalError({
    code: match?.[1] ?? "SM-UP-FAILED",
    message: match?.[2] ?? "the daemon ended before it was ready",
    next: `the whole output is in ${logFile}`,
  });
}
