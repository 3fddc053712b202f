import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { isAlive, startedAt } from "../exec/process.ts";
import { takeFile } from "./lock-file.ts";
import type { Place } from "./place.ts";

/** What a running daemon tells the commands of its own user (the file is private). `url` and `environment` are null until its server listens. */
const DaemonFile = z.object({
  pid: z.number().int(),
  started: z.string(),
  url: z.string().nullable(),
  environment: z.string().nullable(),
  token: z.string().nullable(),
  startedAt: z.iso.datetime(),
});
export type DaemonFile = z.infer<typeof DaemonFile>;

export interface DaemonLock {
  /** Tells commands what runs, where its server listens and what that wants to see. */
  announce(told: { url: string; environment: string; token: string | undefined }): void;
  startedAt: string;
  release(): void;
}

/** The daemon of a state directory, if its process lives. */
export async function runningDaemon({ daemonFile }: Place): Promise<DaemonFile | undefined> {
  try {
    return await living(readFileSync(daemonFile, "utf8"));
  } catch {
    return undefined;
  }
}

/** Throws `SM-DAEMON-RUNNING` when a daemon runs on the state directory. */
export async function refuseSecond(place: Place): Promise<void> {
  const other = await runningDaemon(place);
  if (other) throw taken(other, place);
}

/** One daemon a state directory; a file left by a dead process is replaced. Throws `SM-DAEMON-RUNNING`. */
export async function lockDaemon(place: Place): Promise<DaemonLock> {
  const own: DaemonFile = {
    pid: process.pid,
    started: (await startedAt(process.pid)) ?? "",
    url: null,
    environment: null,
    token: null,
    startedAt: new Date().toISOString(),
  };
  for (;;) {
    const file = await takeFile(place.daemonFile, toText(own), async (text) => (await living(text)) !== undefined);
    if (file)
      return {
        announce: ({ url, environment, token = null }) => file.write(toText({ ...own, url, environment, token })),
        startedAt: own.startedAt,
        release: file.release,
      };
    // Undisturbed this says who it is; the other may also have ended in this moment.
    await refuseSecond(place);
  }
}

function toText(file: DaemonFile): string {
  return `${JSON.stringify(file)}\n`;
}

/** What the file says, when the process that wrote it lives. */
async function living(text: string): Promise<DaemonFile | undefined> {
  const { success, data } = parse(text);
  return success && (await isAlive(data)) ? data : undefined;
}

function parse(text: string) {
  try {
    return DaemonFile.safeParse(JSON.parse(text));
  } catch {
    return { success: false as const, data: undefined };
  }
}

function taken({ pid, url }: DaemonFile, { stateDir }: Place): UserError {
  return new UserError({
    code: "SM-DAEMON-RUNNING",
    message: `a daemon (pid ${pid}${url ? `, ${url}` : ""}) runs on ${stateDir}`,
    next: "use it, end it with stationmaster down, or choose another --state directory",
  });
}
