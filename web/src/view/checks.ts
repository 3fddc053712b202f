import type { Check } from "../../../src/contract/check.ts";

const RANK: Record<Check["type"], number> = { http: 0, tcp: 1, process: 2, steps: 3, postgres: 4 };

/** Whether the duration of a run says something about the service; looking for a process takes as long as it takes. */
export function isTimed(check: Check | undefined): check is Check {
  return check !== undefined && check.type !== "process";
}

/** The checks of one service, the one that best stands for it first. */
export function checksOf(service: string, checks: readonly Check[]): Check[] {
  return checks
    .filter((check) => check.service === service)
    .sort((a, b) => RANK[a.type] - RANK[b.type] || a.id.localeCompare(b.id));
}
