import { createAlertRound } from "./alerts.ts";
import type { Engine } from "./engine.ts";
import { keepIssues } from "./issues.ts";
import type { Loops } from "./loops.ts";
import type { Parts } from "./parts.ts";
import { keepExported } from "./status-page/keep.ts";
import type { UseCases } from "./usecases.ts";

const ALERTS_MS = 5_000;
const FOLD_MS = 1_000;
const EXPORT_MS = 60_000;

interface Outside {
  parts: Pick<Parts, "alerts" | "incidents" | "report" | "whenLeading">;
  usecases: Pick<UseCases, "statusPage">;
  baseUrl(): string | null;
}

/** From now on others are kept told: Alertmanagers, readers of issues, and who reads the exported status page; alerts that are over end. */
export function tellOutside(loops: Loops, engine: Engine, { parts, usecases, baseUrl }: Outside): void {
  const { incidents, report, alerts } = parts;
  const round = createAlertRound(engine, { incidents, report, baseUrl });
  loops.every(ALERTS_MS, () => round(loops.stopping));
  loops.every(FOLD_MS, () => alerts.fold());
  keepIssues(loops, engine, { ...parts, baseUrl });
  loops.every(EXPORT_MS, () => keepExported(engine, usecases));
}
