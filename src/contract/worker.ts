import { z } from "zod";
import { SchedulerView } from "./scheduler.ts";

/** A process that runs checks of an environment, and shares them with others. */
const Worker = z.object({
  id: z.string(),
  /** A daemon also deploys and serves; a worker only watches. */
  role: z.enum(["daemon", "worker"]),
  host: z.string(),
  pid: z.number().int(),
  startedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  /** False for one that stopped answering less than an hour ago. */
  live: z.boolean(),
  /** Whether it folds verdicts into incidents. */
  leads: z.boolean(),
  /** How many of the shards it runs. */
  shards: z.number().int(),
});

/** Who runs the checks, and how the process that answers keeps up. */
export const Workers = z.object({
  /** Empty where one daemon has its store for itself. */
  workers: z.array(Worker),
  /** How many shards there are, and how many of them nobody runs at the moment. */
  shards: z.number().int(),
  unowned: z.number().int(),
  /** Null where the process that answers runs no checks. */
  scheduler: SchedulerView.nullable(),
});
export type Workers = z.infer<typeof Workers>;
