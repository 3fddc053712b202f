import { randomUUID } from "node:crypto";
import type { Queryable, Store } from "../store/connect.ts";
import { and, eq, isNull, sql } from "../store/drizzle.ts";
import { sqlState } from "../store/sql-state.ts";
import { healAction, healIntent } from "../store/tables/incidents.ts";
import type { ActionsLeft } from "./outlook.ts";
import type { Remedy } from "./types.ts";

const AN_HOUR = 4;
const A_DAY = 10;

export const HOUR_SPENT = `the ${AN_HOUR} healing actions of an hour are used`;
export const DAY_SPENT = `the ${A_DAY} healing actions of a day are used`;
export const RESTARTS_SPENT = "the 2 restarts of this hour are used";

/** The answers of the database when a project has used its actions up. */
export const SPENT: Readonly<Record<string, string>> = { SM005: HOUR_SPENT, SM006: DAY_SPENT };

export interface ActionRequest {
  app: string;
  environment: string;
  service: string;
  incidentId: string;
  /** Number of the incident's action that begins. */
  action: number;
}

/** Counts an action as begun, whatever becomes of it, and answers its id. Throws what the database says when none is left. */
export async function countAction(tx: Queryable, request: ActionRequest, remedy: Remedy): Promise<string> {
  const { app, environment, service, incidentId, action: number } = request;
  const action = randomUUID();
  await tx
    .insert(healIntent)
    .values({ action, app, environment, service, remedy, incidentId, number, intentAt: new Date() });
  await tx
    .update(healAction)
    .set({ ticket: action })
    .where(and(eq(healAction.incidentId, incidentId), eq(healAction.number, number)));
  return action;
}

/** `countAction` in a transaction of its own, for an action that is no restart; or why none is left. */
export async function takeAction(
  { db }: Pick<Store, "db">,
  request: ActionRequest,
  remedy: Exclude<Remedy, "restart">,
): Promise<{ action: string } | { refused: string }> {
  try {
    return { action: await db.transaction((tx) => countAction(tx, request, remedy)) };
  } catch (error) {
    const refused = SPENT[sqlState(error) ?? ""];
    if (refused === undefined) throw error;
    return { refused };
  }
}

/** Gives an action back that touched nothing; the database gives no restart back. */
export async function returnAction({ db }: Pick<Store, "db">, action: string): Promise<void> {
  await db
    .update(healIntent)
    .set({ returnedAt: sql`heal_now()` })
    .where(and(eq(healIntent.action, action), isNull(healIntent.returnedAt)));
}

/** How many actions a project has left right now, all environments together. */
export async function actionsLeft(db: Queryable, app: string): Promise<ActionsLeft> {
  const { rows } = await db.execute<{ hour: number; day: number }>(sql`
    SELECT count(*) FILTER (WHERE intent_at >= heal_now() - interval '60 minutes')::int AS hour, count(*)::int AS day
    FROM heal_intent WHERE app = ${app} AND returned_at IS NULL AND intent_at >= heal_now() - interval '24 hours'`);
  const { hour = 0, day = 0 } = rows[0] ?? {};
  return { hour: Math.max(0, AN_HOUR - hour), day: Math.max(0, A_DAY - day) };
}
