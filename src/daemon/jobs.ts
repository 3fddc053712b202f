import { PgBoss } from "pg-boss";
import type { Engine } from "./engine.ts";
import type { Wish, WishQueue } from "./queue.ts";

const RUN = "rollout.run";
const HOUSEKEEPING = "housekeeping";
const WISHES = "deploy.when-open";

export interface Jobs {
  /** Asks a worker to drive a stored rollout; the queue asks again when that worker dies. */
  wake(rolloutId: string): Promise<void>;
  wishes: WishQueue;
  stop(): Promise<void>;
}

export interface JobHandlers {
  rollout(id: string): Promise<void>;
  housekeeping(): Promise<void>;
  /** Begins a wish, or answers when to look again, epoch ms. */
  wish(wish: Wish): Promise<number | undefined>;
}

/** Queues and crons in the same database. They only wake a worker: the journal decides what is done. */
export async function startJobs(
  engine: Engine,
  handlers: JobHandlers,
  onError: (error: unknown) => void,
): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: engine.store.url,
    schema: `${engine.store.schema}_jobs`,
    max: 3,
    application_name: "stationmaster-jobs",
  });
  boss.on("error", onError);
  await boss.start();
  await boss.createQueue(RUN, { retryLimit: 5, retryDelay: 2, expireInSeconds: 3_600 });
  await boss.createQueue(HOUSEKEEPING);
  const wishes = await openWishes(boss, handlers);
  await boss.work<{ id: string }>(RUN, { pollingIntervalSeconds: 2 }, async ([job]) => {
    if (job) await handlers.rollout(job.data.id);
  });
  await boss.work(HOUSEKEEPING, { pollingIntervalSeconds: 30 }, () => handlers.housekeeping());
  await boss.schedule(HOUSEKEEPING, "17 * * * *");
  return {
    wake: async (id) => {
      await boss.send(RUN, { id }, { singletonKey: id });
    },
    wishes,
    stop: () => boss.stop({ graceful: false }),
  };
}

async function openWishes(boss: PgBoss, { wish: grant }: JobHandlers): Promise<WishQueue> {
  await boss.createQueue(WISHES, { retryLimit: 5, retryDelay: 10 });
  const wishes: WishQueue = {
    put: async (wish, lookAt) => {
      await wishes.drop();
      await boss.send(WISHES, wish, { startAfter: new Date(lookAt) });
    },
    waiting: async () => (await boss.findJobs<Wish>(WISHES, { queued: true })).at(-1)?.data,
    drop: () => boss.deleteQueuedJobs(WISHES),
  };
  await boss.work<Wish>(WISHES, { pollingIntervalSeconds: 2 }, async ([job]) => {
    const again = job && (await grant(job.data));
    // A newer one has its place.
    if (job && again !== undefined && !(await wishes.waiting())) await wishes.put(job.data, again);
  });
  return wishes;
}
