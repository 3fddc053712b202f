import { z } from "zod";
import { Duration, Name, Scalar } from "./fields.ts";

export const HttpPath = z.string().regex(/^\//, "a path that starts with /");

const Status = z.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/, "a status such as 200 or 2xx")]);
const Comparison = z.strictObject({
  above: z.number().optional(),
  below: z.number().optional(),
  matches: z.string().optional(),
  exists: z.boolean().optional(),
});
const TextRule = z.union([
  z.string(),
  z.strictObject({ contains: z.string().optional(), matches: z.string().optional(), lacks: z.string().optional() }),
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
  every: Duration.prefault("60s"),
  timeout: Duration.prefault("10s"),
  critical: z.boolean().default(false),
  recheck: z.int().min(0).max(5).optional().describe("confirmation runs before an incident; 2, or 1 for `steps`"),
};

const METHODS = ["get", "head", "post", "put", "patch", "delete"] as const;
const request = {
  headers: z.record(z.string(), z.string()).optional(),
  json: z.unknown().optional(),
  body: z.string().optional(),
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
    ...(Object.fromEntries(METHODS.map((method) => [method, z.string().optional()])) as Record<
      (typeof METHODS)[number],
      z.ZodOptional<z.ZodString>
    >),
    ...request,
    expect: Expect.prefault({}),
    save: SAVE.optional().describe("variable → JSON path, header, cookie or the first regex group"),
    always: z.boolean().default(false).describe("run even after an earlier step failed (sign-out)"),
  })
  .refine(
    (step) => METHODS.filter((method) => step[method] !== undefined).length === 1,
    "a step has exactly one of get, head, post, put, patch, delete",
  );
export type Step = z.infer<typeof Step>;

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
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional(),
    ...request,
    expect: Expect.optional(),
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
