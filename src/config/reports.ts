import { z } from "zod";
import { dailyTime } from "../core/recurrence.ts";
import { Name } from "./fields.ts";

const To = z.array(Name).min(1).describe("channels that get it");

export const ReportsSchema = z.strictObject({
  daily: z
    .strictObject({
      at: z
        .string()
        .superRefine((text, context) => {
          const message = "a time of the day such as `08:00 Europe/Paris`";
          if (dailyTime(text) === undefined) context.addIssue({ code: "invalid_format", format: "time", message });
        })
        .describe("when it is made, such as `08:00 Europe/Paris`; UTC without a zone"),
      to: To,
    })
    .optional()
    .describe("the status of each day"),
  rdap: z
    .union([z.literal(false), z.url({ protocol: /^https?$/ })])
    .default("https://data.iana.org/rdap/dns.json")
    .describe("list of the registries that the audit asks when domains end; false: nobody is asked"),
  audit: z.strictObject({ to: To }).optional().describe("the audit of the monitoring, Sundays at 06:00 UTC"),
});
