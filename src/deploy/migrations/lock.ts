import type pg from "pg";
import type { Clock } from "../../core/clock.ts";
import { PolicyError } from "../../core/errors.ts";

const POLL_MS = 500;

/**
 * Does the work while this session holds the advisory lock of the application's migrations in this database; waits for another holder.
 * A lock of the session, not of a transaction: an open transaction would block CREATE INDEX CONCURRENTLY.
 */
export async function withMigrationLock<T>(
  client: pg.Client,
  { key, clock, signal }: { key: string; clock: Clock; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  while (!(await tryLock(client, key))) {
    await clock.sleep(POLL_MS, signal).catch((error: unknown) => {
      throw signal.aborted && isTimeout(signal.reason) ? heldTooLong() : error;
    });
  }
  try {
    return await work();
  } finally {
    await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [key]).catch(() => {});
  }
}

/** Waits until no other session of an earlier migration is left: a controller that died may have left its program running. */
export async function waitForSessions(
  client: pg.Client,
  { application, clock, signal }: { application: string; clock: Clock; signal: AbortSignal },
): Promise<void> {
  const running =
    "select 1 from pg_stat_activity where application_name = $1 and datname = current_database() and pid <> pg_backend_pid()";
  while ((await client.query(running, [application])).rowCount) await clock.sleep(POLL_MS, signal);
}

/** Looks again and again who keeps the migration waiting; answers the last one seen. */
export function watchLocks(client: pg.Client, application: string): { last(): string | undefined; stop(): void } {
  let seen: string | undefined;
  const timer = setInterval(() => {
    blockers(client, application).then(
      (found) => {
        seen = found ?? seen;
      },
      () => {},
    );
  }, POLL_MS);
  return { last: () => seen, stop: () => clearInterval(timer) };
}

/** Who keeps sessions of the migration waiting, for people; undefined when none waits. Without their statements, which may hold values. */
async function blockers(client: pg.Client, application: string): Promise<string | undefined> {
  const { rows } = await client.query<{ who: string }>(
    `select distinct format('pid %s (%s, %s for %s s)', b.pid, coalesce(nullif(b.application_name, ''), b.usename, b.backend_type),
       coalesce(b.state, 'working'), coalesce(extract(epoch from now() - b.xact_start)::int, 0)) as who
     from pg_stat_activity w cross join unnest(pg_blocking_pids(w.pid)) as p (pid) join pg_stat_activity b on b.pid = p.pid
     where w.application_name = $1 and w.datname = current_database()`,
    [application],
  );
  return rows.length > 0 ? rows.map(({ who }) => who).join(", ") : undefined;
}

async function tryLock(client: pg.Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    "select pg_try_advisory_lock(hashtextextended($1, 0)) as locked",
    [key],
  );
  return rows[0]?.locked ?? false;
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}

function heldTooLong(): PolicyError {
  return new PolicyError({
    code: "SM-MIGRATION-BUSY",
    message: "another controller has held the lock of the migrations all the time",
    next: "wait for it, or look for its session in pg_stat_activity",
  });
}
