import { userInfo } from "node:os";
import { type DaemonFile, runningDaemon } from "../daemon/lock.ts";
import { findPlace, type Place } from "../daemon/place.ts";
import type { UseCases } from "../daemon/usecases.ts";
import type { Daemon } from "./remote/request.ts";

const POLL_MS = 100;
const START_MS = 15_000;

/** Options every command has. */
export interface GlobalOptions {
  config?: string;
  state?: string;
  env?: string;
  json?: boolean;
  verbose?: boolean;
}

export interface Session {
  place: Place;
  usecases: UseCases;
  /** Whether a daemon answers, or this process does the work. */
  remote: boolean;
  /** Lets go of the rollouts of this process, so that somebody else can go on with them at once. */
  leave?(): Promise<void>;
}

/**
 * Runs `work` against the daemon of the state directory; without one, or for another environment than the daemon's, in this
 * process with the same store.
 */
export async function withSession<T>(options: GlobalOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const place = findPlace(options);
  const daemon = await reachableDaemon(place);
  const elsewhere = options.env !== undefined && daemon?.environment !== options.env;
  if (daemon?.url && !elsewhere) {
    const { createRemote } = await import("./remote.ts");
    return await work({
      place,
      usecases: createRemote(latest(place, { ...daemon, url: daemon.url })),
      remote: true,
    });
  }
  const { openOneOff } = await import("../daemon/one-off.ts");
  const oneOff = await openOneOff(place, options.env);
  try {
    return await work({ place, usecases: oneOff.usecases, remote: false, leave: oneOff.leave });
  } finally {
    await oneOff.close();
  }
}

/** Where the daemon is: one that was restarted in the meantime may listen elsewhere. */
function latest(place: Place, first: { url: string; token: string | null }): () => Promise<Daemon> {
  let known = address(first);
  return async () => {
    const now = await runningDaemon(place);
    if (now?.url) known = address({ ...now, url: now.url });
    return known;
  };
}

function address({ url, token }: { url: string; token: string | null }): Daemon {
  return { url, token: process.env.STATIONMASTER_TOKEN ?? token ?? undefined };
}

/** A daemon that is just starting is waited for: two processes must not do its work. */
async function reachableDaemon(place: Place): Promise<DaemonFile | undefined> {
  for (let waited = 0; ; waited += POLL_MS) {
    const daemon = await runningDaemon(place);
    if (!daemon || daemon.url || waited > START_MS) return daemon;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

/** Who does it, for the audit. */
export function actor(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return "cli";
  }
}
