import type { HealingReport } from "../contract/report.ts";
import { NOT_MEASURED, percent } from "./markdown.ts";

type Counts = HealingReport["figures"]["total"];

/** How well healing went, as a table. */
export function healingMarkdown({ days, figures }: HealingReport): string {
  const { total, steps, classes } = figures;
  return [
    `## Healing - last ${days} days`,
    "",
    "| | actions | verified | held | failed | declined | undone | success | regret |",
    "|---|---|---|---|---|---|---|---|---|",
    row("all", total),
    ...steps.map((step) => row(`step ${step.step}: ${step.remedy}`, step)),
    ...classes.map((item) => row(item.class, item)),
  ].join("\n");
}

function row(name: string, { actions, verified, held, failed, declined, undone, success, regret }: Counts): string {
  const shares = [success, regret].map((share) => percent(share) ?? NOT_MEASURED);
  return `| ${[name, actions, verified, held, failed, declined, undone, ...shares].join(" | ")} |`;
}
