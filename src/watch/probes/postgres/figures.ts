import type pg from "pg";
import type { Failure } from "../probe.ts";

interface Connections {
  open: number;
  /** How many an ordinary account can have. */
  most: number;
}

/** How far a copy is behind, in milliseconds; null with the reason where it cannot be said. */
type Lag = { ms: number; reason?: never } | { ms: null; reason: string };

/** Connections of clients, and the limit less what is kept for superusers. */
export async function readConnections(client: pg.Client): Promise<Connections> {
  const { rows } = await client.query<Connections>(`
    select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as open,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most`);
  return rows[0] ?? { open: 0, most: 0 };
}

/** Near its limit a server still serves: it is `slow`, not down. */
export function judgeConnections({ open, most }: Connections, percent: number): Failure[] {
  if (open * 100 < percent * most) return [];
  const detail = `${open} of ${most} connections are open, the limit is ${percent} %`;
  return [{ outcome: "slow", class: "full", family: "capacity", detail }];
}

interface Replication {
  copy: boolean;
  streaming: boolean;
  caught: boolean;
  replayed: number | null;
  copies: number;
  behind: number | null;
}

/**
 * Asked of a copy: the age of the last transaction it replayed, or 0 while it streams and has replayed all it received (without
 * writes that age grows by itself). Asked of the server that is copied: the `replay_lag` of the slowest copy.
 */
export async function readLag(client: pg.Client): Promise<Lag> {
  const { rows } = await client.query<Replication>(`
    select pg_is_in_recovery() as copy,
      exists (select from pg_stat_wal_receiver) as streaming,
      coalesce(pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn(), false) as caught,
      (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 as replayed,
      (select count(*)::int from pg_stat_replication) as copies,
      (select (extract(epoch from max(replay_lag)) * 1000)::float8 from pg_stat_replication) as behind`);
  return lagOf(rows[0]);
}

/** See `readLag`. */
export function lagOf(found: Replication | undefined): Lag {
  if (!found) return { ms: null, reason: "the server does not tell its lag" };
  if (!found.copy) return found.copies > 0 ? { ms: found.behind ?? 0 } : { ms: null, reason: "no copy is connected" };
  if (found.streaming && found.caught) return { ms: 0 };
  return found.replayed === null ? { ms: null, reason: "nothing was replayed yet" } : { ms: found.replayed };
}

export function judgeLag(lag: Lag, limitMs: number): Failure[] {
  if (lag.ms !== null && lag.ms <= limitMs) return [];
  const detail =
    lag.ms === null
      ? lag.reason
      : `${(lag.ms / 1_000).toFixed(1)} s behind, the limit is ${(limitMs / 1_000).toFixed(1)} s`;
  return [{ outcome: "fail", class: "lag", family: "data", detail }];
}
