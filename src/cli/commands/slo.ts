import type { SloReport } from "../../contract/slo.ts";
import { formatDuration } from "../../core/duration.ts";
import { print, printJson, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

const MINUTE_MS = 60_000;

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const objectives = await usecases.slo();
    if (options.json) return printJson({ objectives });
    if (objectives.length === 0) return print("no objective: no service is critical, and the manifest has no `slo`");
    const [first] = objectives;
    const head = [
      "of",
      "objective",
      `${first?.windowDays} d`,
      "budget left",
      "burn 1 h",
      "6 h",
      "3 d",
      "coverage",
      "down",
    ];
    print(table([...head, "alert"], objectives.map(row)));
  });
}

function row({ name, objective, attained, budgetLeft, burn, coverage, downtimeMinutes, alert }: SloReport): string[] {
  const percent = (share: number | null, digits: number) =>
    share === null ? "–" : `${(share * 100).toFixed(digits)} %`;
  const rate = (value: number | null) => (value === null ? "–" : value.toFixed(1));
  return [
    name,
    percent(objective, 3).replace(/\.?0+ %$/, " %"),
    percent(attained, 3),
    percent(budgetLeft, 1),
    ...[burn["1h"], burn["6h"], burn["3d"]].map(rate),
    percent(coverage, 1),
    downtimeMinutes === null ? "–" : downtimeText(downtimeMinutes),
    alert ?? "–",
  ];
}

function downtimeText(minutes: number): string {
  return minutes === 0 ? "none" : formatDuration(minutes * MINUTE_MS);
}
