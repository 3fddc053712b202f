import type { Beat, Heartbeat } from "../contract/heartbeat.ts";
import { UserError } from "../core/errors.ts";
import {
  digestOf,
  ensureHeartbeat,
  findHeartbeat,
  forgetHeartbeats,
  heartbeatDigests,
  lastGapEnd,
  noteBeat,
  noteReceiver,
  renewHeartbeat,
} from "../store/heartbeats.ts";
import { namedCheckId } from "../watch/check-id.ts";
import { dueAt, nextTurn } from "../watch/probes/heartbeat/judge.ts";
import type { HeartbeatCalls, HeartbeatLookup, HeartbeatRhythm } from "../watch/types.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import type { UseCases } from "./usecases.ts";

/** How often the receiver says that it is there; one late saying is no gap yet. */
export const RECEIVER_BEAT_MS = 10_000;
const RECEIVER_GAP_MS = 15_000;
/** Who calls tries again for about so long, so that a shorter gap of ours loses no call. */
const RETRIED_MS = 60_000;
/** Longer ones are left to the scheduled runs, which come each minute. */
const LONGEST_TIMER_MS = 120_000;

type Source = Pick<Engine, "store" | "environment" | "clock" | "redact">;

/** The calls of jobs: taken, kept, and brought to their checks. */
export interface Heartbeats {
  /** What the probe is told; makes the token of a check that has none, and runs the check again at the moment it becomes late. */
  lookup: HeartbeatLookup;
  /** Notes a call and runs its check. Throws UserError `SM-HEARTBEAT-UNKNOWN`. */
  beat(token: string, beat: Beat): Promise<void>;
  /** Whether a job calls by this token, as known at the last `alive`; costs no search in the database. */
  knows(token: string): boolean;
  /** Notes that calls can be taken. */
  alive(): Promise<void>;
  stop(): void;
}

export function createHeartbeats({ store, environment, clock, redact }: Source, watch: () => Watch): Heartbeats {
  const timers = new Map<string, NodeJS.Timeout>();
  let seen = false;
  let digests: ReadonlySet<string> = new Set();

  function arm(checkId: string, at: number | null): void {
    clearTimeout(timers.get(checkId));
    timers.delete(checkId);
    const inMs = at === null ? Number.POSITIVE_INFINITY : at - clock.now() + 1;
    if (inMs > LONGEST_TIMER_MS) return;
    timers.set(checkId, setTimeout(() => watch().ask(checkId), inMs).unref());
  }

  return {
    lookup: async (checkId, rhythm) => {
      const calls = await readCalls({ store, environment, clock, redact }, checkId, rhythm);
      arm(checkId, nextTurn(calls, rhythm, clock.now()));
      return calls;
    },
    beat: async (token, beat) => {
      const row = await noteBeat(store.db, token, beat, new Date(clock.now()));
      if (!row)
        throw new UserError({
          code: "SM-HEARTBEAT-UNKNOWN",
          message: "no job is known by this address",
          next: "see stationmaster checks NAME for the right one",
        });
      if (beat !== "start") watch().ask(row.checkId);
    },
    knows: (token) => digests.has(digestOf(token)),
    alive: async () => {
      // The time before the start of this process is a gap however short it was.
      await noteReceiver(store.db, environment, new Date(clock.now()), seen ? RECEIVER_GAP_MS : 0);
      seen = true;
      digests = new Set(await heartbeatDigests(store.db, environment));
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

async function readCalls(
  { store, environment, clock, redact }: Source,
  checkId: string,
  rhythm: HeartbeatRhythm,
): Promise<HeartbeatCalls> {
  const row =
    (await findHeartbeat(store.db, checkId)) ?? (await ensureHeartbeat(store.db, checkId, new Date(clock.now())));
  redact.learn(row.token);
  const since = row.okAt ?? row.expectedSince;
  // What came after a job was late took no call of it: else a machine that restarts every night would hide for ever that one died.
  const due = new Date(
    dueAt({ okAt: row.okAt?.getTime() ?? null, expectedSince: row.expectedSince.getTime() }, rhythm),
  );
  const away = await lastGapEnd(store.db, {
    environment,
    since,
    due,
    longerThanMs: Math.min(rhythm.grace, RETRIED_MS),
  });
  return {
    expectedSince: row.expectedSince.getTime(),
    startedAt: row.startedAt?.getTime() ?? null,
    okAt: row.okAt?.getTime() ?? null,
    failedAt: row.failedAt?.getTime() ?? null,
    awayUntil: away?.getTime() ?? null,
  };
}

/** Shows a job's address to those who may ask, changes it, and takes its calls. */
export function heartbeatUseCases(
  engine: Engine,
  { heartbeats, url }: { heartbeats: Heartbeats; url(): string | null },
): Pick<UseCases, "heartbeat" | "renewHeartbeat" | "beat" | "knowsJob"> {
  async function find(check: string): Promise<Heartbeat> {
    const name = check.split("/").at(-1) ?? check;
    const rhythm = engine.manifest.checks[name]?.heartbeat;
    if (!rhythm)
      throw new UserError({
        code: "SM-HEARTBEAT-NONE",
        message: `${check} is no check with \`heartbeat\``,
        next: "see stationmaster checks",
      });
    const { store, clock } = engine;
    const row = await ensureHeartbeat(store.db, namedCheckId(engine.environment, name), new Date(clock.now()));
    return toHeartbeat(row, rhythm, url());
  }

  return {
    heartbeat: find,
    renewHeartbeat: async (name, actor) => {
      const { check } = await find(name);
      await renewHeartbeat(engine.store.db, check);
      await engine.audit({ actor, action: "heartbeat.renew", subject: check, detail: {} });
      return await find(check);
    },
    beat: heartbeats.beat,
    knowsJob: heartbeats.knows,
  };
}

/** Takes back the addresses of jobs that no check of the manifest waits for any more. */
export async function tidyHeartbeats(engine: Pick<Engine, "store" | "environment" | "manifest">): Promise<void> {
  const { store, environment, manifest } = engine;
  const kept = Object.keys(manifest.checks).filter((name) => manifest.checks[name]?.heartbeat !== undefined);
  await forgetHeartbeats(
    store.db,
    environment,
    kept.map((name) => namedCheckId(engine.environment, name)),
  );
}

function toHeartbeat(
  row: Awaited<ReturnType<typeof ensureHeartbeat>>,
  rhythm: HeartbeatRhythm,
  url: string | null,
): Heartbeat {
  const path = `/hb/${row.token}`;
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  const due = dueAt({ okAt: row.okAt?.getTime() ?? null, expectedSince: row.expectedSince.getTime() }, rhythm);
  return {
    check: row.checkId,
    path,
    url: url && new URL(path, url).href,
    periodMs: rhythm.period,
    graceMs: rhythm.grace,
    startedAt: iso(row.startedAt),
    okAt: iso(row.okAt),
    failedAt: iso(row.failedAt),
    dueAt: new Date(due).toISOString(),
  };
}
