import type { Store } from "../store/connect.ts";
import { and, eq } from "../store/drizzle.ts";
import { notifyThread } from "../store/tables/notify.ts";
import type { Thread } from "./channel.ts";

/** What a channel remembers of an incident, in the store. */
export function storedThread({ db }: Pick<Store, "db">, incidentId: string, channel: string): Thread {
  const { incidentId: incident, channel: name } = notifyThread;
  return {
    ref: async () => {
      const mine = and(eq(incident, incidentId), eq(name, channel));
      return (await db.select().from(notifyThread).where(mine))[0]?.ref;
    },
    keep: async (ref) => {
      await db
        .insert(notifyThread)
        .values({ incidentId, channel, ref })
        .onConflictDoUpdate({ target: [incident, name], set: { ref } });
    },
  };
}
