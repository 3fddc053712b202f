import { z } from "zod";

const LintFinding = z.object({
  rule: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  file: z.string().describe("relative to the root of the check, with `/`"),
  line: z.int().min(1),
  column: z.int().min(1).nullable(),
  message: z.string(),
  fix: z.string().nullable().describe("what --fix would do"),
  suppressed: z
    .object({ reason: z.string(), by: z.enum(["comment", "manifest"]) })
    .nullable()
    .describe("why it does not count"),
});

/** The shape of `stationmaster check --json`. */
export const LintReport = z.object({
  findings: z.array(LintFinding),
  fixed: z.array(z.object({ rule: z.string(), file: z.string(), line: z.int(), description: z.string() })),
});
export type LintReport = z.infer<typeof LintReport>;
