import { ladderOf } from "./choose.ts";
import type { Healing, IncidentRecord, Remedy, Rules } from "./types.ts";

export const CALL_A_PERSON = 5;
const STEPS = { "clear-sessions": 1, "reconnect-pool": 1, "drop-cache": 1, restart: 2, redeploy: 4 } as const;

/** The number of a remedy among all steps there are, at the current rung: 1 sessions, connections, a cache, 2 and 3 restarts, 4 redeploy. */
export function stepOf(record: IncidentRecord, remedy: Remedy, rules: Rules): number {
  return STEPS[remedy] + (remedy === "restart" ? Math.max(0, rungOf(record, rules) - 1) : 0);
}

/** So many restarts the database allows a service within an hour. */
export const RESTARTS = 2;

/** Which of them the next one is, whatever incident the ones before were for; null where none is left. */
export function restartNumber(left: number): number | null {
  return left > 0 ? RESTARTS - left + 1 : null;
}

/** Keeps when a restart was, `at` in epoch ms. */
export function noteRestart(healing: Healing, at: number): void {
  healing.lastRestartAt = at;
  healing.restarts = [...(healing.restarts ?? []), at].slice(-RESTARTS);
}

/** `restart of api (1 of 2)`: the first of the service within its hour; `restart of api` where none is left. */
export function nameOf({ service, healing }: IncidentRecord, remedy: Remedy): string {
  const isCounted = remedy === "restart" && typeof healing.restart === "number";
  return `${remedy} of ${service}${isCounted ? ` (${healing.restart} of ${RESTARTS})` : ""}`;
}

/** Restarts of the ladder up to the current rung, with it. */
function rungOf(record: IncidentRecord, rules: Rules): number {
  const passed = ladderOf(record, rules).slice(0, record.healing.step + 1);
  return passed.filter((remedy) => remedy === "restart").length;
}
