import { PgBoss } from "pg-boss";
import { dailyTime } from "../core/recurrence.ts";
import type { Engine } from "./engine.ts";

const RUN = "rollout.run";
const HOUSEKEEPING = "housekeeping";
const REPORTS = { audit: "report.audit", daily: "report.daily" };
/** Sunday 06:00 UTC. */
const AUDIT_CRON = "0 6 * * 0";

export interface Jobs {
  /** Asks a worker to drive a stored rollout; the queue asks again when that worker dies. */
  wake(rolloutId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface JobHandlers {
  rollout(id: string): Promise<void>;
  housekeeping(): Promise<void>;
  /** Makes the reports that are due. */
  reports(): Promise<void>;
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
  await boss.work<{ id: string }>(RUN, { pollingIntervalSeconds: 2 }, async ([job]) => {
    if (job) await handlers.rollout(job.data.id);
  });
  await boss.work(HOUSEKEEPING, { pollingIntervalSeconds: 30 }, () => handlers.housekeeping());
  await boss.schedule(HOUSEKEEPING, "17 * * * *");
  const { daily } = engine.manifest.reports;
  const day = daily && dailyTime(daily.at);
  for (const queue of Object.values(REPORTS)) {
    await boss.createQueue(queue);
    await boss.work(queue, { pollingIntervalSeconds: 30 }, () => handlers.reports());
  }
  await boss.schedule(REPORTS.audit, AUDIT_CRON, null, { tz: "UTC" });
  if (day) await boss.schedule(REPORTS.daily, day.cron, null, { tz: day.zone });
  else await boss.unschedule(REPORTS.daily);
  return {
    wake: async (id) => {
      await boss.send(RUN, { id }, { singletonKey: id });
    },
    stop: () => boss.stop({ graceful: false }),
  };
}
