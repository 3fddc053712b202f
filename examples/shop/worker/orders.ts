import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";

const NEXT: Record<string, string> = { new: "packed", packed: "shipped" };

export interface Step {
  order: number;
  status: string;
}

/**
 * Takes the order that waited longest and moves it one state on; undefined when nothing waits.
 * The row stays locked meanwhile, so several workers never take the same one, and a killed worker leaves it as it was.
 */
export async function workOnce(pool: pg.Pool, stepMs: number): Promise<Step | undefined> {
  const client = await pool.connect();
  // A connection that breaks while it is lent out reports here too; the running query rejects as well.
  const ignore = () => undefined;
  client.on("error", ignore);
  let failure: Error | undefined;
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<{ id: number; status: string }>(
      `SELECT id, status FROM orders WHERE status <> 'shipped'
       ORDER BY updated_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    const [order] = rows;
    const status = order && NEXT[order.status];
    if (status) {
      await delay(stepMs);
      await client.query("UPDATE orders SET status = $2, updated_at = clock_timestamp() WHERE id = $1", [
        order.id,
        status,
      ]);
    }
    await client.query("COMMIT");
    return status ? { order: order.id, status } : undefined;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    client.off("error", ignore);
    // A failed connection is closed instead of reused; the server undoes its transaction.
    client.release(failure);
  }
}
