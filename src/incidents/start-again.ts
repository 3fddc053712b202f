import type { Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { incidentKey, serviceScope } from "./key.ts";
import type { Place } from "./rows.ts";
import { RestartTicket } from "./ticket.ts";

/** A service that may be started again, until `ended` says how that went; or why it may not. */
export type StartPermit = { ended(outcome: "succeeded" | "failed"): Promise<void> } | { refused: string };

/**
 * Asks whether a service whose replicas died while no daemon watched may be started: that is a restart, and takes a ticket. A restart
 * that was cut off (`isCutOff`: its process lived and was taken away again) has one already, and is brought to its end once.
 */
export async function permitStart(
  store: Store,
  { app, environment }: Place,
  { service, isCutOff }: { service: string; isCutOff: boolean },
): Promise<StartPermit> {
  if (isCutOff && (await concludeCutOff(store, serviceScope(app, environment, service))))
    return { ended: async () => {} };
  const key = incidentKey({ environment, service, component: "service", family: "availability" });
  const ticket = await RestartTicket.mintStart(store, { app, environment, service, key });
  if ("refused" in ticket) return ticket;
  await ticket.spend(store);
  return { ended: (outcome) => ticket.conclude(store, outcome) };
}

/** Ends the restart of the service that has no end; false when there is none. */
async function concludeCutOff({ db }: Pick<Store, "db">, scope: string): Promise<boolean> {
  const result = await db.execute(sql`
    UPDATE heal_restart SET outcome = 'failed' WHERE outcome IS NULL AND action IN (
      SELECT action FROM heal_restart WHERE scope = ${scope} AND spent_at IS NOT NULL AND outcome IS NULL)`);
  return (result.rowCount ?? 0) > 0;
}
