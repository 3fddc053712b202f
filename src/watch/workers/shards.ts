import { createHash } from "node:crypto";

/** Checks are divided into this many shards, each run by one worker. */
export const SHARDS = 64;
/** The lock of the one that folds verdicts into incidents. */
export const LEADER = 64;

/** The shard of a check: the same everywhere and for good. */
export function shardOf(checkId: string): number {
  return createHash("sha256").update(checkId).digest().readUInt16BE() % SHARDS;
}

/** A process that runs checks, as the database sees it at one moment. */
export interface Member {
  id: string;
  role: "daemon" | "worker";
  /** The server process of its locks. */
  backend: number;
  /** Its row was renewed in time. */
  fresh: boolean;
  /** Its connection stands, and with it its locks. */
  connected: boolean;
}

export interface Crew {
  members: readonly Member[];
  /** Which connection holds a lock, by the lock's number. */
  held: ReadonlyMap<number, number>;
}

interface Moves {
  /** Shards to try for, in this order. */
  take: number[];
  /** A shard above the share, to be given up when its runs have ended. */
  surplus: number | null;
  lead: "take" | "release" | null;
  /** Connections of workers that stand still; their locks are to be freed. */
  evict: number[];
}

/** Whether a worker counts: it was heard of lately, and its connection with its locks stands. */
export function isLive({ fresh, connected }: Pick<Member, "fresh" | "connected">): boolean {
  return fresh && connected;
}

/**
 * What a worker does next about shards and the lead. Everybody runs at most ⌈64 / live workers⌉ shards. Daemons lead; a worker
 * does while no daemon lives, for it makes no rollouts.
 */
export function decide(self: Pick<Member, "id" | "role" | "backend">, { members, held }: Crew): Moves {
  const live = members.filter((member) => member.id === self.id || isLive(member));
  const share = Math.ceil(SHARDS / Math.max(1, live.length));
  // Everybody begins elsewhere, so that two who look for free ones meet late.
  const first = shardOf(self.id);
  const all = Array.from({ length: SHARDS }, (_, index) => (first + index) % SHARDS);
  const mine = all.filter((shard) => held.get(shard) === self.backend);
  const free = all.filter((shard) => !held.has(shard));
  return {
    take: free.slice(0, Math.max(0, share - mine.length)),
    surplus: mine.length > share ? (mine.at(-1) ?? null) : null,
    lead: leadMove(self, live, held.get(LEADER)),
    evict: members.flatMap(({ id, fresh, connected, backend }) =>
      id !== self.id && connected && !fresh ? [backend] : [],
    ),
  };
}

function leadMove(
  self: Pick<Member, "id" | "role" | "backend">,
  live: readonly Pick<Member, "id" | "role">[],
  leader: number | undefined,
): Moves["lead"] {
  const yields = self.role === "worker" && live.some(({ role }) => role === "daemon");
  if (leader === self.backend) return yields ? "release" : null;
  return leader === undefined && !yields ? "take" : null;
}
