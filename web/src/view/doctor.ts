import type { DoctorReport } from "../../../src/contract/status.ts";
import { plural } from "./format.ts";

/** The findings in one sentence: `All 8 checks passed.`, `2 of 8 checks need attention: disk, router.` */
export function doctorSummary(checks: DoctorReport["checks"]): string {
  const poor = checks.filter((check) => check.state !== "ok");
  if (poor.length === 0) return `All ${plural(checks.length, "check")} passed.`;
  const verb = poor.length === 1 ? "needs" : "need";
  return `${poor.length} of ${plural(checks.length, "check")} ${verb} attention: ${poor.map(({ name }) => name).join(", ")}.`;
}
