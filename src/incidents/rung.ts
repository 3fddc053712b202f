import { ladderOf } from "./choose.ts";
import type { IncidentRecord, Remedy, Rules } from "./types.ts";

export const CALL_A_PERSON = 5;
const STEPS = { "clear-sessions": 1, "reconnect-pool": 1, "drop-cache": 1, restart: 2, redeploy: 4 } as const;

/** The number of a remedy among all steps there are, at the current rung: 1 sessions, connections, a cache, 2 and 3 restarts, 4 redeploy. */
export function stepOf(record: IncidentRecord, remedy: Remedy, rules: Rules): number {
  return STEPS[remedy] + (remedy === "restart" ? Math.max(0, restarts(record, rules).rung - 1) : 0);
}

/** `restart of api (1 of 2)` */
export function nameOf(record: IncidentRecord, remedy: Remedy, rules: Rules): string {
  if (remedy !== "restart") return `${remedy} of ${record.service}`;
  const { rung, count } = restarts(record, rules);
  return `restart of ${record.service} (${rung} of ${count})`;
}

function restarts(record: IncidentRecord, rules: Rules) {
  const ladder = ladderOf(record, rules);
  const isRestart = (remedy: Remedy) => remedy === "restart";
  return {
    rung: ladder.slice(0, record.healing.step + 1).filter(isRestart).length,
    count: ladder.filter(isRestart).length,
  };
}
