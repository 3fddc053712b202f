import { createHash, randomBytes } from "node:crypto";
import type { Beat } from "../contract/heartbeat.ts";
import type { Queryable } from "./connect.ts";
import { and, eq, gt, lt, max, notInArray, sql } from "./drizzle.ts";
import { type HeartbeatRow, heartbeat, receiver, receiverGap } from "./tables/heartbeat.ts";

const COLUMNS = { start: "startedAt", ok: "okAt", fail: "failedAt" } as const;
const GAPS_KEPT_DAYS = 400;

/** The row of a check; made with a new random token where there is none. */
export async function ensureHeartbeat(db: Queryable, checkId: string, at: Date): Promise<HeartbeatRow> {
  await db
    .insert(heartbeat)
    .values({ checkId, ...newToken(), expectedSince: at })
    .onConflictDoNothing();
  const row = await findHeartbeat(db, checkId);
  if (!row) throw new Error(`the heartbeat of ${checkId} was not stored`);
  return row;
}

/** Gives the row of a check another token; the one before is none from then on. */
export async function renewHeartbeat(db: Queryable, checkId: string): Promise<void> {
  await db.update(heartbeat).set(newToken()).where(eq(heartbeat.checkId, checkId));
}

/** Removes the tokens of an environment's checks that are not among `kept`. */
export async function forgetHeartbeats(db: Queryable, environment: string, kept: readonly string[]): Promise<void> {
  const ofEnvironment = sql`starts_with(${heartbeat.checkId}, ${`${environment}/`})`;
  await db.delete(heartbeat).where(and(ofEnvironment, notInArray(heartbeat.checkId, [...kept])));
}

/** Undefined for a check that no job was expected for yet. */
export async function findHeartbeat(db: Queryable, checkId: string): Promise<HeartbeatRow | undefined> {
  const [row] = await db.select().from(heartbeat).where(eq(heartbeat.checkId, checkId));
  return row;
}

/** The digests of the tokens of an environment's checks. */
export async function heartbeatDigests(db: Queryable, environment: string): Promise<string[]> {
  const rows = await db
    .select({ digest: heartbeat.digest })
    .from(heartbeat)
    .where(sql`starts_with(${heartbeat.checkId}, ${`${environment}/`})`);
  return rows.map(({ digest }) => digest);
}

/** Notes a call and answers the row it belongs to; undefined for a token that is none. */
export async function noteBeat(db: Queryable, token: string, beat: Beat, at: Date): Promise<HeartbeatRow | undefined> {
  const [row] = await db
    .update(heartbeat)
    .set({ [COLUMNS[beat]]: at })
    .where(eq(heartbeat.digest, digestOf(token)))
    .returning();
  return row;
}

/** The receiver of an environment is there at `at`. A time of more than `gapMs` since it was seen last is kept as a gap. */
export async function noteReceiver(db: Queryable, environment: string, at: Date, gapMs: number): Promise<void> {
  const [before] = await db.select().from(receiver).where(eq(receiver.environment, environment));
  if (before && at.getTime() - before.seenAt.getTime() > gapMs)
    await db.insert(receiverGap).values({ environment, downFrom: before.seenAt, downUntil: at }).onConflictDoNothing();
  await db
    .insert(receiver)
    .values({ environment, seenAt: at })
    .onConflictDoUpdate({ target: receiver.environment, set: { seenAt: at } });
  await db.execute(
    sql`delete from receiver_gap where down_until < ${at.toISOString()}::timestamptz - make_interval(days => ${GAPS_KEPT_DAYS})`,
  );
}

/** When the last gap of more than `longerThanMs` ended that was there between `since` and `due`; undefined without one. */
export async function lastGapEnd(
  db: Queryable,
  { environment, since, due, longerThanMs }: { environment: string; since: Date; due: Date; longerThanMs: number },
): Promise<Date | undefined> {
  const length = sql`${receiverGap.downUntil} - ${receiverGap.downFrom} > make_interval(secs => ${longerThanMs / 1_000})`;
  const [row] = await db
    .select({ until: max(receiverGap.downUntil) })
    .from(receiverGap)
    .where(
      and(
        eq(receiverGap.environment, environment),
        gt(receiverGap.downUntil, since),
        lt(receiverGap.downFrom, due),
        length,
      ),
    );
  return row?.until ?? undefined;
}

function newToken(): Pick<HeartbeatRow, "token" | "digest"> {
  const token = randomBytes(24).toString("base64url");
  return { token, digest: digestOf(token) };
}

/** What a token is looked up by. */
export function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
