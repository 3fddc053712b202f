import type { RepositoryView } from "../contract/repository.ts";
import { expectedServices } from "../generate/expected.ts";
import { prepare } from "../generate/prepare.ts";
import { findingRow, reportOf } from "../generate/report.ts";
import { openRepository } from "../generate/repository.ts";
import { readBelow } from "../generate/write.ts";
import { checkFiles } from "../lint/check.ts";

export interface LookOptions {
  /** The folder of the manifest, and the manifest. */
  root: string;
  config: string;
}

/** Scans, plans, tries what would be written, and judges what is there. Writes nothing. Throws UserError `SM-CONFIG-…`. */
export async function lookAtRepository({ root, config }: LookOptions): Promise<RepositoryView> {
  const begun = performance.now();
  const now = new Date().toISOString();
  const today = now.slice(0, 10);
  const { snapshot, report, plan } = openRepository(root, { config });
  const prepared = await prepare({ plan, current: readBelow(root), today });
  const findings = await checkFiles({
    tree: snapshot,
    services: expectedServices(plan),
    suppressions: plan.suppressions,
    today,
  });
  return {
    project: plan.project,
    target: plan.target,
    lookedAt: now,
    tookMs: Math.round(performance.now() - begun),
    scan: report,
    assumptions: plan.assumptions,
    generate: reportOf(prepared, root),
    findings: findings.map(findingRow),
  };
}
