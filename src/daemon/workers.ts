import type { DoctorReport } from "../contract/status.ts";
import type { Workers } from "../contract/worker.ts";
import { plural } from "../core/plural.ts";
import { asc, eq } from "../store/drizzle.ts";
import { worker } from "../store/tables/workers.ts";
import { lookAt } from "../watch/workers/session.ts";
import { isLive, LEADER, SHARDS } from "../watch/workers/shards.ts";
import type { Engine } from "./engine.ts";
import { isShared } from "./store.ts";

/** Who runs the checks of the environment, the oldest first. */
export async function readWorkers({
  store,
  environment,
}: Pick<Engine, "store" | "environment">): Promise<Omit<Workers, "scheduler">> {
  if (!isShared()) return { workers: [], shards: SHARDS, unowned: 0 };
  const query = async (text: string, values: readonly unknown[]) => (await store.pool.query(text, [...values])).rows;
  const { members, held } = await lookAt(query, { schema: store.schema, environment });
  const rows = await store.db
    .select()
    .from(worker)
    .where(eq(worker.environment, environment))
    .orderBy(asc(worker.startedAt));
  const owners = Array.from({ length: SHARDS }, (_, shard) => held.get(shard));
  return {
    workers: rows.map(({ id, role, host, pid, backend, startedAt, seenAt }) => {
      const live = members.some((member) => member.id === id && isLive(member));
      return {
        ...{ id, role, host, pid, live },
        startedAt: startedAt.toISOString(),
        seenAt: seenAt.toISOString(),
        leads: live && held.get(LEADER) === backend,
        shards: live ? owners.filter((owner) => owner === backend).length : 0,
      };
    }),
    shards: SHARDS,
    unowned: owners.filter((owner) => owner === undefined).length,
  };
}

/** What `doctor` says of them; nothing where one daemon has its store for itself. */
export async function workerFindings(engine: Engine): Promise<DoctorReport["checks"]> {
  if (!isShared()) return [];
  try {
    const { workers, shards, unowned } = await readWorkers(engine);
    const live = workers.filter((item) => item.live);
    const leader = live.find(({ leads }) => leads);
    const detail = `${plural(live.length, "process", "processes")} run ${shards - unowned} of ${shards} shards, ${leader ? `${leader.id} leads` : "nobody leads"}`;
    if (live.length === 0 || (leader && unowned === 0)) return [{ name: "workers", state: "ok", detail, next: null }];
    return [{ name: "workers", state: "warning", detail, next: "ask again in 20 s; stationmaster checks --workers" }];
  } catch {
    // The store's own finding says why.
    return [];
  }
}
