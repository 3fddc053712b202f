import { z } from "zod";
import { Duration, JsonPath, Pattern, Scalar } from "./fields.ts";

const Status = z.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/, "a status such as 200 or 2xx")]);
const Comparison = z.strictObject({
  above: z.number().optional().describe("greater than"),
  below: z.number().optional().describe("less than"),
  matches: Pattern.optional().describe("regular expression that must match"),
  exists: z.boolean().optional().describe("is there, or is not"),
});
/** A value, or a comparison with it. */
export const ValueRule = z.union([Scalar, z.null(), Comparison]);
export type ValueRule = z.infer<typeof ValueRule>;

/** Text that must be contained, or rules for text. */
export const TextRule = z.union([
  z.string(),
  z.strictObject({
    contains: z.string().optional().describe("text that must be in it"),
    matches: Pattern.optional().describe("regular expression that must match"),
    lacks: z.string().optional().describe("text that must not be in it"),
  }),
]);

export type TextRule = z.infer<typeof TextRule>;

const Phase = z.enum(["resolve", "connect", "tls", "processing", "transfer"]);

/** How long something may be, in milliseconds; both ends are allowed. */
const Bounds = z
  .strictObject({
    above: Duration.optional().describe("at least this long"),
    below: Duration.optional().describe("at most this long"),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, "needs `above` or `below`")
  .refine(({ above = 0, below = above }) => above <= below, "`above` must not be longer than `below`");
export type Bounds = z.infer<typeof Bounds>;
const Time = z.union([Duration, Bounds]);

/** All assertions of one answer; all are evaluated, the first that fails gives the class. */
export const Expect = z.strictObject({
  status: z
    .union([Status, z.array(Status).min(1)])
    .default("2xx")
    .describe("one status or a list; `2xx` is a class"),
  header: z.record(z.string(), TextRule).optional().describe("header → text it contains, or a rule"),
  body: TextRule.optional().describe("text the body contains, or a rule"),
  json: z
    .record(JsonPath, ValueRule)
    .optional()
    .describe(
      "JSON path (`status`, `$.a.b[0]`, `$.parts[*].state`) → value or comparison, which all that is found must meet",
    ),
  latency: Time.optional().describe("slower answers are `slow`; with `above`, faster ones fail"),
  phase: z
    .partialRecord(Phase, Time)
    .optional()
    .describe(
      "part of the request (resolve, connect, tls, processing, transfer) → longer ones are `slow`; with `above`, shorter ones fail",
    ),
  cert: Time.optional().describe(
    "for how long the certificate must still be valid; with `below`, one that is valid longer fails",
  ),
});
export type Expect = z.infer<typeof Expect>;
