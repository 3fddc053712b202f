import { z } from "zod";
import { Duration, Name, Scalar } from "./fields.ts";

const PATH = "a path that starts with /";

export const HttpPath = z.string({ error: PATH }).regex(/^\//, PATH);

const Status = z.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/, "a status such as 200 or 2xx")]);
const Comparison = z.strictObject({
  above: z.number().optional().describe("greater than"),
  below: z.number().optional().describe("less than"),
  matches: z.string().optional().describe("regular expression that must match"),
  exists: z.boolean().optional().describe("is there, or is not"),
});
const TextRule = z.union([
  z.string(),
  z.strictObject({
    contains: z.string().optional().describe("text that must be in it"),
    matches: z.string().optional().describe("regular expression that must match"),
    lacks: z.string().optional().describe("text that must not be in it"),
  }),
]);

/** All assertions of one answer; all are evaluated, the first that fails gives the class. */
export const Expect = z.strictObject({
  status: z
    .union([Status, z.array(Status).min(1)])
    .default("2xx")
    .describe("one status or a list; `2xx` is a class"),
  header: z.record(z.string(), TextRule).optional().describe("header → text it contains, or a rule"),
  body: TextRule.optional().describe("text the body contains, or a rule"),
  json: z
    .record(z.string(), z.union([Scalar, z.null(), Comparison]))
    .optional()
    .describe("JSON path (`status` or `$.a.b[0]`) → value or comparison"),
  latency: Duration.optional().describe("slower answers are `slow`"),
});
export type Expect = z.infer<typeof Expect>;

const common = {
  service: Name.optional().describe("service the check speaks for"),
  every: Duration.prefault("60s").describe("time between two runs"),
  timeout: Duration.prefault("10s").describe("how long one run may take"),
  critical: z.boolean().default(false).describe("down is SEV1"),
  recheck: z.int().min(0).max(5).optional().describe("confirmation runs before an incident; 2, or 1 for `steps`"),
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
    z.strictObject({ regex: z.string() }),
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

const TYPES = ["url", "tcp", "process", "steps"] as const;

/** A check takes its type from its key: `url`, `tcp`, `process` or `steps`. */
export const CheckSchema = z
  .strictObject({
    ...common,
    url: z.string().optional().describe("one HTTP request, then assertions"),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional().describe("GET when absent"),
    ...request,
    expect: Expect.optional().describe("what the answer must look like"),
    tcp: z
      .string()
      .regex(/^.+:\d+$|^\$\{.+\}$/, "host:port")
      .optional()
      .describe("connect to host:port"),
    process: Name.optional().describe("every replica of this service is alive"),
    steps: z.array(Step).min(1).optional().describe("ordered HTTP steps, e.g. a sign-in"),
  })
  .refine(
    (check) => TYPES.filter((type) => check[type] !== undefined).length === 1,
    "a check has exactly one of url, tcp, process, steps",
  );
export type CheckConfig = z.infer<typeof CheckSchema>;
