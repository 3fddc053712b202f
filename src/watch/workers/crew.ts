import { hostname } from "node:os";
import type { Clock } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import type { Store } from "../../store/connect.ts";
import { openSession, type Session } from "./session.ts";
import { decide, LEADER, type Member } from "./shards.ts";

const BEAT_MS = 1_000;
const SEEN_EVERY_MS = 5_000;
const REMEMBERED = "1 hour";

interface CrewOptions {
  store: Store;
  environment: string;
  role: Member["role"];
  clock: Clock;
  /** Takes over which shards are owned now; resolves when no run of another shard is under way. */
  onShards(): Promise<void>;
  /** The lead was taken, given up or lost; resolves when this process acts accordingly. */
  onLead(leads: boolean): Promise<void>;
  /** Somebody recorded a verdict change, or said something else by `tell`. */
  onNotice(payload: string): void;
  onProblem(error: unknown): void;
}

/** This process among the workers of an environment: which shards it owns, and whether it leads. */
export interface CrewMember {
  id: string;
  /** The epoch of each owned shard. */
  owned(): ReadonlyMap<number, number>;
  /** Joins; resolves after the first look. Throws UserError `SM-WORKER-POOLER`, and what the database says. */
  start(): Promise<void>;
  /** Gives up the lead and the shards, whose runs must have ended, and leaves. */
  stop(): Promise<void>;
}

/** Makes this process a worker of its environment; nothing is taken before `start`. */
export function joinCrew(options: CrewOptions): CrewMember {
  const { store, environment, role, clock, onShards, onLead, onNotice, onProblem } = options;
  const id = newId("wrk");
  const owned = new Map<number, number>();
  let session: Session | undefined;
  let seenAt = Number.NEGATIVE_INFINITY;
  let leads = false;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> | undefined;
  let releasing: Promise<void> | undefined;
  /** What follows from the last beats; they do not wait for it, or nobody would see us alive meanwhile. */
  let sharing = Promise.resolve();
  let leading = Promise.resolve();

  async function connect(): Promise<Session> {
    let opened: Session | undefined;
    opened = await openSession({ store, environment, onNotice, onLost: () => lose(opened) });
    session = opened;
    seenAt = Number.NEGATIVE_INFINITY;
    return opened;
  }

  /** From now on others may own what was ours. */
  function lose(which: Session | undefined): void {
    if (session !== which) return;
    session = undefined;
    owned.clear();
    share();
    lead(false);
  }

  function share(): void {
    sharing = onShards().catch(onProblem);
  }

  function lead(now: boolean): void {
    if (leads === now) return;
    leads = now;
    leading = leading.then(() => onLead(now)).catch(onProblem);
  }

  async function beat(): Promise<void> {
    const current = session ?? (await connect());
    if (clock.monotonic() - seenAt >= SEEN_EVERY_MS) await beSeen(current);
    const { take, surplus, lead: move, evict } = decide({ id, role, backend: current.backend }, await current.look());
    if (take.length > 0) await own(current, take);
    if (surplus !== null) letGo(() => giveBack(current, surplus));
    if (move === "take") await takeLead(current);
    if (move === "release") letGo(() => resign(current));
    for (const backend of evict) await current.query("SELECT pg_terminate_backend($1)", [backend]);
  }

  async function beSeen(current: Session): Promise<void> {
    seenAt = clock.monotonic();
    await current.query(
      `INSERT INTO worker (id, environment, role, host, pid, backend) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET backend = excluded.backend, seen_at = clock_timestamp()`,
      [id, environment, role, hostname(), process.pid, current.backend],
    );
    await current.query(`DELETE FROM worker WHERE seen_at < clock_timestamp() - interval '${REMEMBERED}'`, []);
  }

  async function own(current: Session, shards: readonly number[]): Promise<void> {
    const taken = await current.take(shards, id);
    if (taken.size === 0 || session !== current) return;
    for (const [shard, epoch] of taken) owned.set(shard, epoch);
    share();
  }

  async function takeLead(current: Session): Promise<void> {
    const taken = await current.take([LEADER], id);
    if (taken.size > 0 && session === current) lead(true);
  }

  /** One thing at a time, and the next one at once. */
  function letGo(work: () => Promise<void>): void {
    releasing ??= work()
      .catch(onProblem)
      .finally(() => {
        releasing = undefined;
        next();
      });
  }

  async function giveBack(current: Session, shard: number): Promise<void> {
    owned.delete(shard);
    share();
    await sharing;
    await current.release(shard);
  }

  async function resign(current: Session): Promise<void> {
    lead(false);
    await leading;
    await current.release(LEADER);
  }

  function next(): void {
    if (timer === undefined) return;
    beating ??= beat()
      .catch(onProblem)
      .finally(() => {
        beating = undefined;
      });
  }

  return {
    id,
    owned: () => owned,
    start: async () => {
      await beat();
      await Promise.all([sharing, leading]);
      timer = setInterval(next, BEAT_MS).unref();
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await beating;
      await releasing;
      lead(false);
      await leading;
      owned.clear();
      await session?.query("DELETE FROM worker WHERE id = $1", [id]).catch(onProblem);
      await session?.end();
      session = undefined;
    },
  };
}
