import { userInfo } from "node:os";
import { type KnownError, toKnownError } from "../core/errors.ts";
import { daemonElsewhere } from "../daemon/elsewhere.ts";
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
  if (servesHere(daemon, options)) return await work({ place, usecases: await remoteOf(place, daemon), remote: true });
  const other = daemon ? undefined : await daemonElsewhere(place);
  const hint = other && `a daemon of this manifest runs with --state ${other}`;
  if (hint && !options.json) process.stderr.write(`${hint}\n`);
  try {
    return await withOneOff(place, options, work);
  } catch (error) {
    throw hint ? hinted(toKnownError(error), hint) : error;
  }
}

async function withOneOff<T>(place: Place, { env }: GlobalOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const { openOneOff } = await import("../daemon/one-off.ts");
  const oneOff = await openOneOff(place, env);
  try {
    return await work({ place, usecases: oneOff.usecases, remote: false, leave: oneOff.leave });
  } finally {
    await oneOff.close();
  }
}

/** Who asked in the wrong place is told of the right one before anything else. */
function hinted(error: KnownError, hint: string): KnownError {
  Reflect.defineProperty(error, "next", { value: error.next ? `${hint}; else ${error.next}` : hint });
  return error;
}

/** Runs `work` against the daemon if one is there, without waiting for one that is just starting; undefined when none is. */
export async function withDaemon<T>(
  options: GlobalOptions,
  work: (usecases: UseCases) => Promise<T>,
): Promise<T | undefined> {
  const place = findPlace(options);
  const daemon = await runningDaemon(place);
  return servesHere(daemon, options) ? await work(await remoteOf(place, daemon)) : undefined;
}

type Serving = DaemonFile & { url: string };

function servesHere(daemon: DaemonFile | undefined, { env }: GlobalOptions): daemon is Serving {
  return Boolean(daemon?.url) && (env === undefined || daemon?.environment === env);
}

async function remoteOf(place: Place, daemon: Serving): Promise<UseCases> {
  const { createRemote } = await import("./remote.ts");
  return createRemote(latest(place, daemon));
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
