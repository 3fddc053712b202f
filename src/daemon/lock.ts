import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { systemCode, UserError } from "../core/errors.ts";
import { startedAt } from "../exec/process.ts";
import type { Place } from "./place.ts";

/** What a running daemon tells the commands of its own user (the file is private). `url` is null until its server listens. */
const DaemonFile = z.object({
  pid: z.number().int(),
  started: z.string(),
  url: z.string().nullable(),
  token: z.string().nullable(),
  startedAt: z.iso.datetime(),
});
export type DaemonFile = z.infer<typeof DaemonFile>;

export interface DaemonLock {
  /** Tells commands where the server listens and what it wants to see. */
  announce(url: string, token: string | undefined): void;
  startedAt: string;
  release(): void;
}

/** The daemon of a state directory, if its process lives. */
export async function runningDaemon({ daemonFile }: Place): Promise<DaemonFile | undefined> {
  let found: DaemonFile;
  try {
    found = DaemonFile.parse(JSON.parse(readFileSync(daemonFile, "utf8")));
  } catch {
    return undefined;
  }
  return (await startedAt(found.pid)) === found.started ? found : undefined;
}

/** One daemon a state directory: created exclusively; a file left by a dead process is replaced. */
export async function lockDaemon(place: Place): Promise<DaemonLock> {
  const own: DaemonFile = {
    pid: process.pid,
    started: (await startedAt(process.pid)) ?? "",
    url: null,
    token: null,
    startedAt: new Date().toISOString(),
  };
  const write = (flag: "w" | "wx") =>
    writeFileSync(place.daemonFile, `${JSON.stringify(own)}\n`, { mode: 0o600, flag });
  for (let attempt = 0; ; attempt++) {
    try {
      write("wx");
      break;
    } catch (error) {
      if (systemCode(error) !== "EEXIST" || attempt > 2) throw error;
      const other = await runningDaemon(place);
      if (other) throw taken(other, place);
      rmSync(place.daemonFile, { force: true });
    }
  }
  return {
    announce: (url, token) => {
      own.url = url;
      own.token = token ?? null;
      write("w");
    },
    startedAt: own.startedAt,
    release: () => rmSync(place.daemonFile, { force: true }),
  };
}

function taken({ pid, url }: DaemonFile, { stateDir }: Place): UserError {
  return new UserError({
    code: "SM-DAEMON-RUNNING",
    message: `a daemon (pid ${pid}${url ? `, ${url}` : ""}) runs on ${stateDir}`,
    next: "use it, end it with stationmaster down, or choose another --state directory",
  });
}
