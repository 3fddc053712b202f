import { createHash } from "node:crypto";
import type { Queryable, Store } from "./connect.ts";
import { asc, desc, gt, sql } from "./drizzle.ts";
import { type LedgerRow, ledger } from "./tables/ledger.ts";

const GENESIS = "0".repeat(64);
const LEDGER_LOCK = 0x53_4d_02;
const PAGE = 1_000;

export interface LedgerEntry {
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

/** Appends an entry whose hash covers its content and the hash before it, so a later change breaks the chain. */
export async function appendLedger({ db }: Pick<Store, "db">, entry: LedgerEntry): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`);
    const [last] = await tx
      .select({ seq: ledger.seq, hash: ledger.hash })
      .from(ledger)
      .orderBy(desc(ledger.seq))
      .limit(1);
    // As the database will give it back: without undefined, dates as text.
    const detail: Record<string, unknown> = JSON.parse(JSON.stringify(entry.detail));
    const row = { ...entry, detail, seq: (last?.seq ?? 0) + 1, at: new Date(), previous: last?.hash ?? GENESIS };
    await tx.insert(ledger).values({ ...row, hash: hashOf(row) });
  });
}

/** Newest first. */
export async function readLedger(db: Queryable, limit: number): Promise<LedgerRow[]> {
  return await db.select().from(ledger).orderBy(desc(ledger.seq)).limit(limit);
}

export type LedgerVerdict =
  | { intact: true; entries: number; head: string }
  | { intact: false; entries: number; brokenAt: number; why: string };

/** Recomputes the whole chain. Detects changed, removed and inserted entries; not a cut-off end, for that compare `head` with a copy kept elsewhere. */
export async function verifyLedger(db: Queryable): Promise<LedgerVerdict> {
  let previous = GENESIS;
  let seq = 0;
  for (;;) {
    const page = await db.select().from(ledger).where(gt(ledger.seq, seq)).orderBy(asc(ledger.seq)).limit(PAGE);
    if (page.length === 0) return { intact: true, entries: seq, head: previous };
    for (const row of page) {
      const why = fault(row, seq, previous);
      if (why) return { intact: false, entries: seq, brokenAt: row.seq, why };
      previous = row.hash;
      seq = row.seq;
    }
  }
}

function fault(row: LedgerRow, seq: number, previous: string): string | undefined {
  if (row.seq !== seq + 1) return `entry ${seq + 1} is missing`;
  if (row.previous !== previous) return `entry ${row.seq} does not follow entry ${seq}`;
  return row.hash === hashOf(row) ? undefined : `entry ${row.seq} was changed`;
}

function hashOf({ seq, at, actor, action, subject, detail, previous }: Omit<LedgerRow, "hash">): string {
  const content = canonical({ seq, at: at.toISOString(), actor, action, subject, detail });
  return createHash("sha256").update(`${previous}\n${content}`).digest("hex");
}

/** JSON with sorted keys: jsonb does not keep their order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const pairs = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}
