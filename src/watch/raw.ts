import type { CheckResult, Phases } from "../contract/check.ts";
import type { Store } from "../store/connect.ts";
import { and, desc, eq, lt, sql } from "../store/drizzle.ts";
import { resultRaw } from "../store/tables/history.ts";
import { deleteInBatches } from "./purge.ts";

/** How long single results are kept. */
const RAW_KEPT_MS = 48 * 3_600_000;
/** Passed runs on each side of a change of the verdict. */
const AROUND = 10;
/** Between two writes, 10 s apart: what fails on a large scale is told by its first results. */
const MOST_WAITING = 10_000;
const ROWS_AT_ONCE = 1_000;

interface Item {
  checkId: string;
  result: CheckResult;
}

interface Ring {
  /** The last passed runs that are not written, oldest first: start (epoch ms) and milliseconds of each. There is one for each check. */
  before: number[];
  /** How many of the next runs are written whatever they say. */
  after: number;
}

/** Decides which single results are kept, and holds them until they are written. No I/O, bounded. */
export class RawResults {
  readonly #rings = new Map<string, Ring>();
  #waiting: Item[] = [];
  /** Results given up because the store took none for too long. */
  lost = 0;

  /** `moved`: this run changed the verdict. */
  add(checkId: string, result: CheckResult, { moved, keepAll }: { moved: boolean; keepAll: boolean }): void {
    const ring = this.#rings.get(checkId) ?? { before: [], after: 0 };
    this.#rings.set(checkId, ring);
    if (moved) {
      for (const earlier of passedRuns(ring.before.splice(0))) this.#keep(checkId, earlier);
      ring.after = AROUND;
    }
    if (keepAll || moved || result.outcome !== "ok" || result.kind === "confirmation") this.#keep(checkId, result);
    else if (ring.after > 0) {
      ring.after--;
      this.#keep(checkId, result);
    } else {
      ring.before.push(Date.parse(result.at), result.durationMs);
      if (ring.before.length > 2 * AROUND) ring.before.splice(0, 2);
    }
  }

  #keep(checkId: string, result: CheckResult): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ checkId, result });
    else this.lost++;
  }

  /** Checks that ended leave nothing behind. */
  retain(ids: { has(id: string): boolean }): void {
    for (const id of this.#rings.keys()) if (!ids.has(id)) this.#rings.delete(id);
  }

  waiting(): readonly Item[] {
    return this.#waiting.slice(0, ROWS_AT_ONCE);
  }

  written(items: readonly Item[]): void {
    this.#waiting = this.#waiting.slice(items.length);
  }
}

function passedRuns(pairs: readonly number[]): CheckResult[] {
  const starts = pairs.filter((_, index) => index % 2 === 0);
  return starts.map((at, index) => ({
    ...{ at: new Date(at).toISOString(), kind: "scheduled", outcome: "ok", class: null, detail: null },
    ...{ durationMs: pairs[2 * index + 1] ?? 0, phases: null, facts: {} },
  }));
}

/** Writes results in one statement with one parameter; one that is there already stays as it is. */
export async function writeResults({ db }: Store, items: readonly Item[]): Promise<void> {
  const rows = JSON.stringify(items.map(({ checkId, result }) => ({ checkId, ...result })));
  await db.execute(sql`
    INSERT INTO ${resultRaw} (check_id, at, kind, outcome, class, detail, duration_ms, phases, facts)
    SELECT * FROM json_to_recordset(${rows}::json) AS row (
      "checkId" text, at timestamptz, kind text, outcome text, class text, detail text, "durationMs" double precision, phases jsonb, facts jsonb)
    ON CONFLICT DO NOTHING`);
}

/** The newest stored results of a check before `before`, the newest first. */
export async function readResults(
  { db }: Store,
  checkId: string,
  { before, limit }: { before: Date; limit: number },
): Promise<CheckResult[]> {
  const rows = await db
    .select()
    .from(resultRaw)
    .where(and(eq(resultRaw.checkId, checkId), lt(resultRaw.at, before)))
    .orderBy(desc(resultRaw.at))
    .limit(limit);
  return rows.map(({ checkId: _, at, phases, facts, ...row }) => ({
    ...row,
    at: at.toISOString(),
    phases: phases as Phases | null,
    facts: facts ?? {},
  }));
}

/** Removes results older than 48 h; answers how many. */
export async function purgeResults(store: Store, now: number): Promise<number> {
  return await deleteInBatches(store, { table: "result_raw", time: "at", before: new Date(now - RAW_KEPT_MS) });
}
