import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExternalError } from "../core/errors.ts";
import { runningDaemon } from "../daemon/lock.ts";
import { findPlace, makePlace } from "../daemon/place.ts";
import type { UpOptions } from "./commands/up.ts";
import { print, printJson } from "./output.ts";

const READY_LINE = "ready: ";
const POLL_MS = 150;
const DEADLINE_MS = 10 * 60_000;

/** Starts the daemon in a session of its own and waits until the application is up. */
export async function detach(options: Omit<UpOptions, "port"> & { port: number }): Promise<void> {
  const place = findPlace(options);
  makePlace(place);
  const logFile = join(place.stateDir, "daemon.log");
  const log = openSync(logFile, "w", 0o600);
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
  const env = { ...process.env, ...(options.token ? { STATIONMASTER_TOKEN: options.token } : {}) };
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", log, log], env });
  const ended = new Promise<number>((done) => child.once("exit", (code) => done(code ?? 1)));
  let code: number | undefined;
  void ended.then((value) => {
    code = value;
  });
  for (const end = Date.now() + DEADLINE_MS; ; await new Promise((done) => setTimeout(done, POLL_MS))) {
    const said = readFileSync(logFile, "utf8");
    if (code !== undefined) throw asError(said, logFile);
    if (said.includes(READY_LINE)) break;
    if (Date.now() > end)
      throw new ExternalError({
        code: "SM-UP-TIMEOUT",
        message: "the daemon is not ready yet",
        next: `it goes on; see ${logFile}`,
      });
  }
  child.unref();
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
