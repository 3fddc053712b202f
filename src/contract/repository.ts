import { z } from "zod";
import { FileFinding, GenerateReport, GenerateTarget } from "./generate.ts";
import { ScanReport } from "./scan.ts";

export const RepositoryQuery = z.object({
  /** Look again, instead of what was seen within the last minute. */
  fresh: z.stringbool().default(false),
});
export type RepositoryQuery = z.infer<typeof RepositoryQuery>;

/** The folder of the manifest: what was found, what `generate` would write, what `check` says. Nothing of it is written. */
export const RepositoryView = z.object({
  project: z.string(),
  /** Platform that files are written for. */
  target: GenerateTarget,
  lookedAt: z.iso.datetime(),
  tookMs: z.number(),
  scan: ScanReport,
  /** What was assumed for the plan, for people. */
  assumptions: z.array(z.string()),
  /** As `generate --check` tells it. */
  generate: GenerateReport,
  /** Of the files as they are. */
  findings: z.array(FileFinding),
});
export type RepositoryView = z.infer<typeof RepositoryView>;
