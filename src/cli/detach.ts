import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ExternalError, UserError } from "../core/errors.ts";
import { refuseSecond, runningDaemon } from "../daemon/lock.ts";
import { findPlace, makePlace, type Place } from "../daemon/place.ts";
import { spawnDetached } from "../exec/process.ts";
import { ORDERED_BY, orderedBy } from "./ordered-by.ts";
import { note, print, printJson } from "./output.ts";
import type { UpOptions } from "./up-options.ts";
import { dashboardMissing } from "./web-root.ts";

const READY_LINE = "ready: ";
/** What `up` says of a service: its state, name, address, release. */
const SERVICE_LINE = /^(not deployed \S+( http:\S+)?|[a-z]+ \S+( http:\S+)? \(\S+\))$/;
const POLL_MS = 150;
const DEADLINE_MS = 10 * 60_000;

type DetachOptions = Omit<UpOptions, "port"> & { port: number };

/** Starts the daemon in a session of its own and waits until the application is up. */
export async function detach(options: DetachOptions): Promise<void> {
  const place = findPlace(options);
  await refuseSecond(place);
  makePlace(place);
  const logFile = join(place.stateDir, "daemon.log");
  // A daemon that came in between has its log under that name; ours gets it when the state directory is ours.
  const draft = `${logFile}.${process.pid}`;
  const child = await spawnDetached({
    argv: daemonArgv(options, place),
    cwd: process.cwd(),
    env: daemonEnvironment(options),
    logFile: draft,
  });
  let exit: { code: number | null } | undefined;
  void child.exited.then((seen) => {
    exit = seen;
  });
  for (const end = performance.now() + DEADLINE_MS; ; await delay(POLL_MS)) {
    const ended = exit;
    const owner = (await runningDaemon(place))?.pid;
    if (existsSync(draft) && (owner === child.pid || (ended && owner === undefined))) renameSync(draft, logFile);
    const log = existsSync(draft) ? draft : logFile;
    const said = readFileSync(log, "utf8");
    if (ended) throw asError(said, { log, exitCode: ended.code });
    if (said.includes(READY_LINE)) break;
    if (performance.now() > end)
      throw new ExternalError({
        code: "SM-UP-TIMEOUT",
        message: "the daemon is not ready yet",
        next: `it goes on; see ${log}`,
      });
  }
  const daemon = await runningDaemon(place);
  if (options.json) return printJson({ url: daemon?.url ?? null, pid: child.pid, log: logFile });
  for (const line of readFileSync(logFile, "utf8").split("\n")) if (SERVICE_LINE.test(line)) print(line);
  print(`running as pid ${child.pid}: ${daemon?.url ?? ""} · ${downCommand(options)} stops it · log ${logFile}`);
  const missing = dashboardMissing();
  if (missing) note(missing);
}

/** What to type where this command was typed: only what was given then is needed again. */
function downCommand({ config, state }: DetachOptions): string {
  return ["stationmaster down", config && `--config ${config}`, state && `--state ${state}`].filter(Boolean).join(" ");
}

function daemonArgv({ port, host, env }: DetachOptions, { configFile, stateDir }: Place): string[] {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const place = ["--config", configFile, "--state", stateDir];
  const argv = [process.execPath, ...process.execArgv, main, "up", ...place, "--port", String(port), "--host", host];
  return env ? [...argv, "--env", env] : argv;
}

function daemonEnvironment({ token }: DetachOptions): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const person = orderedBy();
  return {
    ...Object.fromEntries(inherited),
    ...(token ? { STATIONMASTER_TOKEN: token } : {}),
    ...(person ? { [ORDERED_BY]: person } : {}),
  };
}

/** What the daemon ended with, as our own error; the mistakes of a manifest are lines of their own. */
function asError(said: string, { log, exitCode }: { log: string; exitCode: number | null }): Error {
  const all = [...said.matchAll(/^error (\S+): (.*(?:\n {2}\S.*)*)$/gm)];
  const [, code, message] = all.at(-1) ?? [];
  const detail = {
    code: code ?? "SM-UP-FAILED",
    message: message ?? "the daemon ended before it was ready",
    next: `the whole output is in ${log}`,
  };
  return exitCode === 2 ? new UserError(detail) : new ExternalError(detail);
}
