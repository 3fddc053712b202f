import { z } from "zod";
import { GENERATE_KINDS, GENERATE_TARGETS } from "./generate-kinds.ts";

export const GenerateKind = z.enum(GENERATE_KINDS);
export type GenerateKind = z.infer<typeof GenerateKind>;

/** Platforms that files are written for. */
export const GenerateTarget = z.enum(GENERATE_TARGETS);
export type GenerateTarget = z.infer<typeof GenerateTarget>;

export const FileFinding = z.object({
  rule: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  file: z.string(),
  line: z.int(),
  column: z.int().optional(),
  message: z.string(),
  fix: z.string().nullable(),
  suppressed: z.string().nullable().describe("why it does not count, where somebody wrote so"),
});
export type FileFinding = z.infer<typeof FileFinding>;

export const GeneratedFileRow = z.object({
  path: z.string(),
  kind: GenerateKind,
  action: z.enum(["create", "merge", "keep", "conflict", "delete"]),
  sha256: z.string().describe("of the bytes as they are after this run"),
  why: z.string(),
  notes: z.array(z.string()),
});
export type GeneratedFileRow = z.infer<typeof GeneratedFileRow>;

/** Shape of `stationmaster generate --json`. */
export const GenerateReport = z.object({
  files: z.array(GeneratedFileRow),
  findings: z.array(FileFinding),
  created: z.array(z.string()),
  modified: z.array(z.string()),
  deleted: z.array(z.string()),
  proposed: z.array(z.string()).describe("files beside those that stay as they are, with what would be in them"),
  blocked: z.boolean().describe("whether an error among the findings keeps everything from being written"),
  notes: z.array(z.string()),
});
export type GenerateReport = z.infer<typeof GenerateReport>;
