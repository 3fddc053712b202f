import { z } from "zod";
import { cronProblem } from "../core/recurrence.ts";
import { Duration, Name } from "./fields.ts";

/** As a silence: what never ends would hide a failure for good. */
const LONGEST_MS = 30 * 86_400_000;

/** A time that returns and in which people work on something. */
export const MaintenanceSchema = z
  .strictObject({
    cron: z.string().describe("when it begins, as a cron line: minute, hour, day of the month, month, day of the week"),
    duration: Duration.refine((ms) => ms >= 60_000 && ms <= LONGEST_MS, "must be between 1m and 30d")
      .meta({ duration: true })
      .describe("how long it lasts, in real time also when the clocks change"),
    zone: z.string().default("UTC").describe("time zone of the cron line, such as Europe/Paris"),
    environment: Name.optional().describe("only in this environment"),
    service: Name.optional().describe("only this service"),
    check: z
      .string()
      .min(1)
      .optional()
      .describe(
        "only this check, by the name that `stationmaster checks` shows, with or without the environment in front",
      ),
    reason: z.string().max(500).optional().describe("what people are told; its name when absent"),
  })
  .superRefine(({ cron, zone }, context) => {
    const problem = cronProblem(cron, zone);
    if (problem !== undefined) context.addIssue({ code: "custom", path: ["cron"], message: problem });
  });
export type MaintenanceConfig = z.infer<typeof MaintenanceSchema>;
