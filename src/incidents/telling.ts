import type { Message } from "../notify/message.ts";
import type { Queryable } from "../store/connect.ts";
import { and, eq, inArray } from "../store/drizzle.ts";
import { incident } from "../store/tables/incidents.ts";
import { failedChecks } from "./members.ts";
import { type LinksOf, refreshed, standingMessage } from "./message.ts";
import { loadUnclosed, type Place, toRecord } from "./rows.ts";

/** The message as its incident stands now (epoch ms); one that is about no incident stays as it is. */
export async function currentMessage(
  db: Queryable,
  { app }: Pick<Place, "app">,
  message: Message,
  now: number,
): Promise<Message> {
  if (["notice", "report", "test"].includes(message.kind)) return message;
  const mine = and(eq(incident.app, app), eq(incident.id, message.incident.id));
  const [row] = await db.select().from(incident).where(mine);
  return row ? refreshed(message, toRecord(row), now) : message;
}

const CALLED_FOR: ReadonlySet<string> = new Set(["open", "healing"]);

/** How the incidents stand (epoch ms) about which people are called until somebody acknowledges. */
export async function standingMessages(
  db: Queryable,
  place: Place,
  { now, links }: { now: number; links: LinksOf },
): Promise<Message[]> {
  return (await loadUnclosed(db, place))
    .filter(({ state, flapping, suppressed }) => suppressed === null && (CALLED_FOR.has(state) || flapping !== null))
    .map((record) => {
      const pages = links({ id: record.id, checks: failedChecks(record) });
      return standingMessage(record, now, { project: place.app, links: pages });
    });
}

/** The unresolved incident of a key, by which pagers know it. */
export async function incidentOfKey(
  db: Queryable,
  { app, environment }: Place,
  key: string,
): Promise<string | undefined> {
  const here = and(eq(incident.app, app), eq(incident.environment, environment), eq(incident.key, key));
  const [row] = await db
    .select({ id: incident.id })
    .from(incident)
    .where(and(here, inArray(incident.state, ["open", "healing", "monitoring"])));
  return row?.id;
}
