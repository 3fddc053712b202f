import { userInfo } from "node:os";
import { runningDaemon } from "../daemon/lock.ts";
import { findPlace, type Place } from "../daemon/place.ts";
import type { UseCases } from "../daemon/usecases.ts";

/** Options every command has. */
export interface GlobalOptions {
  config?: string;
  state?: string;
  json?: boolean;
  verbose?: boolean;
}

export interface Session {
  place: Place;
  usecases: UseCases;
  /** Whether a daemon answers, or this process does the work. */
  remote: boolean;
}

/** Runs `work` against the daemon of the state directory, or without one in this process with the same store. */
export async function withSession<T>(options: GlobalOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const place = findPlace(options);
  const daemon = await runningDaemon(place);
  if (daemon?.url) {
    const { createRemote } = await import("./remote.ts");
    return await work({
      place,
      usecases: createRemote({ url: daemon.url, token: process.env.STATIONMASTER_TOKEN ?? daemon.token ?? undefined }),
      remote: true,
    });
  }
  const { openOneOff } = await import("../daemon/one-off.ts");
  const oneOff = await openOneOff(place);
  try {
    return await work({ place, usecases: oneOff.usecases, remote: false });
  } finally {
    await oneOff.close();
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
