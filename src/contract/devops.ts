import { z } from "zod";

/** What the DevOps API of the application is asked to remove. */
export const DevOpsCleanup = z.enum(["stale-sessions", "orphans"]);
export type DevOpsCleanup = z.infer<typeof DevOpsCleanup>;

/** What the DevOps API of the application answered, with secrets removed. */
export const DevOpsAnswer = z.object({
  status: z.number().int(),
  /** The JSON it answered; null for an empty body. */
  body: z.unknown(),
});
export type DevOpsAnswer = z.infer<typeof DevOpsAnswer>;
