import { UserError } from "../../core/errors.ts";
import { loadPrices } from "../../generate/recommend/prices.ts";
import { recommend } from "../../generate/recommend/recommend.ts";
import { scanFolder } from "../../generate/repository.ts";
import { comparisonLines } from "../comparison-lines.ts";
import { print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";

export async function run(options: GlobalOptions, folder = "."): Promise<void> {
  const { root, report } = scanFolder(folder);
  if (report.services.length === 0)
    throw new UserError({
      code: "SM-RECOMMEND-NOTHING",
      message: `nothing in ${root} looks like a service`,
      next: "see what was looked for: stationmaster scan",
    });
  const comparison = recommend(report, loadPrices(), new Date().toISOString().slice(0, 10));
  if (options.json) return printJson(comparison);
  for (const line of comparisonLines(comparison)) print(line);
}
