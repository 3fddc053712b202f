import { z } from "zod";
import { checkMistakes } from "./check-options.ts";
import { Expect, TextRule, ValueRule } from "./expect.ts";
import { Duration, Interval, Name, Pattern } from "./fields.ts";
import { networkChecks } from "./network-checks.ts";
import { otherChecks } from "./other-checks.ts";
import { Slo } from "./slo.ts";
import { variablesAsSecrets } from "./variables.ts";

const PATH = "a path that starts with /";

export const HttpPath = z.string({ error: PATH }).regex(/^\//, PATH);

const EVERY_MS = 60_000;
const CRITICAL_EVERY_MS = 30_000;

const common = {
  service: Name.optional().describe("service the check speaks for"),
  every: Interval.optional().describe("time between two runs; 60s when absent, 30s for one that is `critical`"),
  timeout: Duration.optional().describe(
    "how long one run may take, at most half of `every` (1s where that is less, but never above `every`); 10s, 30s for `browser`, or that half when absent",
  ),
  critical: z.boolean().default(false).describe("down is SEV1"),
  recheck: z
    .int()
    .min(0)
    .max(5)
    .optional()
    .describe("confirmation runs before an incident; 2, 1 for `steps`, 0 for `heartbeat`"),
  depends_on: z
    .array(Name)
    .optional()
    .describe("services, stores and other checks; while one of them is down this check opens no incident"),
  impact: z.enum(["data", "security"]).optional().describe("what its failure means: loss of data or a breach is SEV1"),
  runbook: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("address of the page that says what to do"),
  slo: Slo.optional().describe("what is promised of the check by itself"),
  keep_raw: z.boolean().optional().describe("keep every single result for 48 hours, not only those that failed"),
};

const METHODS = ["get", "head", "post", "put", "patch", "delete"] as const;
const request = {
  headers: z.record(z.string(), z.string()).optional().describe("request headers"),
  json: z.unknown().optional().describe("request body, sent as JSON"),
  body: z.string().optional().describe("request body as text"),
};
const SAVE = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/),
  z.union([
    z.string().regex(/^\$/, "a JSON path that starts with $"),
    z.strictObject({ header: z.string() }),
    z.strictObject({ cookie: z.string() }),
    z.strictObject({ regex: Pattern }),
  ]),
);

/** One HTTP step: exactly one of get, head, post, put, patch, delete names the address. */
export const Step = z
  .strictObject({
    ...(Object.fromEntries(
      METHODS.map((method) => [method, z.string().optional().describe(`address of a ${method.toUpperCase()} request`)]),
    ) as Record<(typeof METHODS)[number], z.ZodOptional<z.ZodString>>),
    ...request,
    expect: Expect.prefault({}).describe("what the answer must look like"),
    save: SAVE.optional().describe("variable → JSON path, header, cookie or the first regex group"),
    always: z.boolean().default(false).describe("run even after an earlier step failed (sign-out)"),
  })
  .refine(
    (step) => METHODS.filter((method) => step[method] !== undefined).length === 1,
    "a step has exactly one of get, head, post, put, patch, delete",
  );
export type Step = z.infer<typeof Step>;

/** The method and address of a step. */
export function stepRequest(step: Step): { method: string; url: string } {
  for (const method of METHODS) {
    const url = step[method];
    if (url !== undefined) return { method: method.toUpperCase(), url };
  }
  return { method: "GET", url: "" };
}

/** A check takes its type from its key, such as `url` or `tcp`. */
export const CheckSchema = z
  .strictObject({
    ...common,
    url: z.string().optional().describe("one HTTP request, then assertions"),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional().describe("GET when absent"),
    ...request,
    expect: z
      .union([Expect, TextRule, ValueRule])
      .optional()
      .describe("what the answer must look like; text for `tcp`, a value or comparison for `postgres`"),
    ...networkChecks,
    ...otherChecks,
    steps: z.array(Step).min(1).optional().describe("ordered HTTP steps, e.g. a sign-in"),
  })
  .transform((check) => ({
    ...variablesAsSecrets(check),
    every: check.every ?? (check.critical ? CRITICAL_EVERY_MS : EVERY_MS),
  }))
  .superRefine((check, context) => {
    for (const { at, message } of checkMistakes(check)) context.addIssue({ code: "custom", path: at, message });
  });
export type CheckConfig = z.infer<typeof CheckSchema>;
