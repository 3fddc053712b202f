import { z } from "zod";
import { GenerateKind, GenerateTarget } from "../contract/generate.ts";

const RelativePath = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))\S.*$/, "a path inside the repository");

const Suppress = z.strictObject({
  rule: z
    .string()
    .regex(/^[\w-]+$/)
    .describe("id of the rule, such as SM38"),
  path: z
    .string()
    .optional()
    .describe("pattern of the files it is about, such as `deploy/k8s/**`; all where nothing is said"),
  reason: z.string().trim().min(3, "a reason that others understand").describe("why the finding does not count"),
  until: z.iso.date().optional().describe("last day that it holds"),
});

export const GenerateSchema = z.strictObject({
  files: z
    .union([z.literal("auto"), z.array(GenerateKind)])
    .default("auto")
    .describe("kinds of files that `stationmaster generate` writes; `auto` takes those the plan needs"),
  platform: GenerateTarget.optional().describe("where production runs; recommended by `init` where nothing is said"),
  terraform: z
    .strictObject({
      cloud: z.enum(["aws", "gcp", "azure"]).describe("whose resources"),
      region: z.string().min(1).describe("as the cloud calls it, such as eu-west-1"),
    })
    .optional()
    .describe("what infrastructure code is for"),
  domain: z
    .string()
    .regex(/^(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, "a host name such as shop.example.com")
    .optional()
    .describe("the host name that people open"),
  own: z
    .record(RelativePath, z.enum(["managed", "seed", "patch", "off"]))
    .default({})
    .describe(
      "whose a file is: `managed` is merged at each run, `seed` written once, `patch` a marked part of yours, `off` never touched",
    ),
  suppress: z
    .array(Suppress)
    .default([])
    .describe("findings of `stationmaster check` that do not count, each with its reason"),
});

const Share = z
  .union([z.string().regex(/^\d{1,3} ?%$/, "a share such as 70%"), z.int().min(1).max(100)])
  .transform((value) => Number.parseInt(String(value), 10))
  .refine((value) => value >= 1 && value <= 100, "between 1% and 100%");

/** How many replicas run where the platform adds and removes them by itself; shares in percent. */
export const Scale = z
  .strictObject({
    min: z.int().min(1).max(1_000).default(2).describe("fewest replicas"),
    max: z.int().min(1).max(1_000).default(10).describe("most replicas"),
    cpu: Share.default(70).describe("share of the CPU above which replicas are added"),
    memory: Share.default(80).describe("share of the memory above which replicas are added"),
  })
  .refine(({ min, max }) => min <= max, { error: "is smaller than `min`", path: ["max"] });

const MEBIBYTES: Record<string, number> = { Mi: 1, Gi: 1_024 };

export const Resources = z.strictObject({
  cpu: z.number().positive().max(256).optional().describe("cores, such as 0.5"),
  memory: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:Mi|Gi)$/, "a size such as 512Mi or 1Gi")
    .transform((text) => Math.round(Number.parseFloat(text) * (MEBIBYTES[text.slice(-2)] ?? 1)))
    .optional()
    .describe("such as 512Mi"),
});
