import { z } from "zod";

/** `slo` of a service or a check. */
export const Slo = z.strictObject({
  objective: z
    .number()
    .min(50)
    .max(99.999)
    .describe("percent of the runs that must pass over 30 days; 99.9 for critical services when absent"),
});
