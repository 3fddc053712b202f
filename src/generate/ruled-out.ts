import type { GenerateTarget } from "../contract/generate.ts";
import type { ScanReport } from "../contract/scan.ts";
import type { Finding } from "../lint/finding.ts";
import { costOf } from "./recommend/cost.ts";
import { disqualifiers } from "./recommend/disqualify.ts";
import { loadPrices } from "./recommend/prices.ts";
import { situationOf } from "./recommend/situation.ts";

/** Why the platform that files are written for cannot have the application, each at the line that shows it. */
export function ruledOut(target: GenerateTarget, report: ScanReport): Finding[] {
  const situation = situationOf(report);
  return disqualifiers(target, situation, costOf(target, situation, loadPrices())).map(({ reason, at }) => {
    const [, file = at, line = "1"] = /^(.+):(\d+)$/.exec(at) ?? [];
    return {
      rule: "platform",
      severity: "warning",
      file,
      line: Number(line),
      message: `${target} is ruled out: ${reason}`,
    };
  });
}
