import { z } from "zod";

/** Shapes of `stationmaster scan --json`. What is unknown is null, never a guess. */
const Evidence = z.object({
  file: z.string(),
  line: z.int(),
  col: z.int(),
  endLine: z.int().optional(),
  rule: z.string(),
  hash: z.string(),
});
const Source = z.enum(["answer", "platform", "project", "code", "convention", "default"]);
const Alternative = z.object({
  value: z.unknown(),
  source: Source,
  confidence: z.number(),
  reason: z.string(),
  evidence: z.array(Evidence),
});
export const ScanFact = z.object({
  value: z.unknown(),
  confidence: z.number().min(0).max(1),
  source: Source,
  evidence: z.array(Evidence),
  alternatives: z.array(Alternative),
  truncated: z.literal(true).optional().describe("a limit was reached: it was told from a part of the files"),
});
export type ScanFact = z.infer<typeof ScanFact>;

const text = z.string().nullable();
const ServiceKind = z.enum(["web", "api", "ssr", "spa", "static", "worker", "cron", "job", "cli", "library"]);

export const ScannedService = z.object({
  name: z.string(),
  path: z.string().describe("folder, relative to the root; `.` is the root"),
  kind: ServiceKind.nullable(),
  languages: z.array(z.string()),
  runtime: z.object({ name: z.string(), version: text }).nullable(),
  packageManager: text,
  framework: text,
  install: text,
  build: text,
  test: text,
  start: text,
  output: text,
  port: z.int().nullable(),
  health: text,
  processes: z.array(z.object({ name: z.string(), command: z.string() })),
  crons: z.array(z.object({ name: z.string(), schedule: z.string(), command: text })),
  env: z.array(
    z.object({
      name: z.string(),
      class: z.enum(["provided", "public", "secret", "config"]),
      phase: z.enum(["build", "run"]),
      required: z.boolean(),
      default: text,
    }),
  ),
  stores: z.array(
    z.object({
      kind: z.string(),
      variable: text,
      version: text,
      extensions: z.array(z.string()),
      evidence: z.array(Evidence),
    }),
  ),
  migrations: z.object({ tool: z.string(), command: z.string() }).nullable(),
  workspace: text.describe("root of the workspace it belongs to"),
  internal: z.array(z.string()).describe("folders of the repository that it needs"),
});
export type ScannedService = z.infer<typeof ScannedService>;

export const Gap = z.object({
  id: z.string(),
  service: z.string(),
  to: z.enum(["backend", "frontend", "operations"]),
  title: z.string(),
  why: z.string(),
  evidence: z.array(Evidence),
  patch: z.object({ file: z.string(), text: z.string() }).nullable().describe("what to add, and where"),
});
export type Gap = z.infer<typeof Gap>;

export const NearMiss = z.object({
  fact: z.string(),
  unit: z.string(),
  message: z.string(),
  evidence: z.array(Evidence),
});
export type NearMiss = z.infer<typeof NearMiss>;

const Requirement = z.object({
  id: z.string().describe("`want.users`, `want.stores`, …"),
  value: z.unknown(),
  file: z.string(),
  line: z.int(),
  contradicts: z
    .object({ fact: z.string(), value: z.unknown(), file: text, line: z.int().nullable() })
    .optional()
    .describe("what the repository says instead"),
});

export const ScanReport = z.object({
  root: z.string(),
  services: z.array(ScannedService),
  platforms: z.array(z.object({ id: z.string(), file: z.string(), evidence: z.array(Evidence) })),
  conflicts: z.array(
    z.object({
      fact: z.string(),
      values: z.array(z.object({ value: z.unknown(), source: Source, evidence: z.array(Evidence) })),
    }),
  ),
  gaps: z.array(Gap),
  facts: z.record(z.string(), ScanFact),
  nearMisses: z.array(NearMiss),
  requirements: z.array(Requirement).describe("what `SPEC-*/spec.md` asks for"),
  notUnderstood: z.array(z.object({ file: z.string(), line: z.int(), text: z.string() })),
  warnings: z.array(z.object({ message: z.string(), file: z.string().optional(), line: z.int().optional() })),
});
export type ScanReport = z.infer<typeof ScanReport>;
