import { randomUUID } from "node:crypto";
import { Bug } from "../core/errors.ts";
import type { Queryable, Store } from "../store/connect.ts";
import { and, eq, sql } from "../store/drizzle.ts";
import { sqlState } from "../store/sql-state.ts";
import { healEpoch, healRestart } from "../store/tables/incidents.ts";
import { type ActionRequest, countAction, RESTARTS_SPENT, SPENT } from "./budget.ts";
import { grant } from "./epochs.ts";
import { keyScope, serviceScope } from "./key.ts";

/** What a restart is of. */
interface Restarted extends Pick<ActionRequest, "app" | "environment" | "service"> {
  /** Of the incident. */
  key: string;
}
type TicketRequest = Restarted & ActionRequest;

/** The answers of the database that mean "not now": no slot or action left, an old or voided epoch, nothing granted, lost against a rival. */
const REFUSALS: Readonly<Record<string, string>> = {
  ...SPENT,
  "23514": RESTARTS_SPENT,
  "23505": RESTARTS_SPENT,
  SM001: "another restart was granted at the same time",
  SM007: "the restarts ended with a restore of the database; new ones are earned by an hour of health",
  SM003: "no restart was granted yet; the first successful deployment grants them",
  "40001": "another restart was granted at the same time",
  "40P01": "another restart was granted at the same time",
};

/**
 * The permission to restart one service once. Only `mint` and `mintStart` make one, and each leaves a row in two scopes (the service and
 * the incident's key) before it returns, so the database's limit of 2 in any 60 minutes holds whatever happens next: a
 * crash before, during or after the restart counts as a restart.
 */
export class RestartTicket {
  readonly #action: string;
  readonly service: string;

  private constructor(action: string, service: string) {
    this.#action = action;
    this.service = service;
  }

  /** Takes one slot in both scopes and one of the project's actions, or nothing. Throws only when the store fails. */
  static async mint(store: Pick<Store, "db">, request: TicketRequest): Promise<RestartTicket | { refused: string }> {
    return await RestartTicket.#take(store, request, (tx) => countAction(tx, request, "restart"));
  }

  /**
   * For the start of what died while nobody watched. It has no incident, so the key gets its restarts as by the opening of one, and
   * it is none of the project's healing actions: a machine that lost everything starts all of it.
   */
  static async mintStart(store: Pick<Store, "db">, what: Restarted): Promise<RestartTicket | { refused: string }> {
    return await RestartTicket.#take(store, what, async (tx) => {
      await grant(tx, keyScope(what.app, what.key), `${what.service} was found dead at a start`);
      return randomUUID();
    });
  }

  static async #take(
    { db }: Pick<Store, "db">,
    { app, environment, service, key }: Restarted,
    begin: (tx: Queryable) => Promise<string>,
  ): Promise<RestartTicket | { refused: string }> {
    const scopes = [serviceScope(app, environment, service), keyScope(app, key)];
    try {
      return await db.transaction(async (tx) => {
        const action = await begin(tx);
        // Always in the same order, so that two minters wait for each other instead of dying in a deadlock.
        for (const scope of scopes.sort()) await takeSlot(tx, scope, action);
        return new RestartTicket(action, service);
      });
    } catch (error) {
      const refused = REFUSALS[sqlState(error) ?? ""];
      if (refused === undefined) throw error;
      return { refused };
    }
  }

  /** Whether `value` came from `mint`. */
  static isGenuine(value: unknown): value is RestartTicket {
    return typeof value === "object" && value !== null && #action in value;
  }

  /** Uses the ticket up; a second use throws, also from another process. */
  async spend({ db }: Pick<Store, "db">): Promise<void> {
    const spent = await db
      .update(healRestart)
      .set({ spentAt: sql`heal_now()` })
      .where(and(eq(healRestart.action, this.#action), sql`${healRestart.spentAt} IS NULL`));
    if (spent.rowCount === 2) return;
    throw new Bug({ code: "SM-HEAL-TICKET", message: `the ticket for a restart of ${this.service} was used already` });
  }

  /** Records how the restart went. */
  async conclude({ db }: Pick<Store, "db">, outcome: "succeeded" | "failed"): Promise<void> {
    await db.update(healRestart).set({ outcome }).where(eq(healRestart.action, this.#action));
  }
}

/** The trigger sets slot and time, and refuses what the limit forbids. */
async function takeSlot(tx: Queryable, scope: string, action: string): Promise<void> {
  const newest = sql`(SELECT coalesce(max(${healEpoch.epoch}), 0) FROM ${healEpoch} WHERE ${healEpoch.scope} = ${scope})`;
  await tx.insert(healRestart).values({ scope, epoch: newest, slot: 1, action, intentAt: new Date() });
}
