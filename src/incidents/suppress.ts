import type { Draft } from "./draft.ts";
import { failing, timingOf } from "./members.ts";
import type { Hold } from "./silences/silence.ts";
import type { IncidentRecord, Rules } from "./types.ts";

const LOOK_AGAIN_MS = 5_000;

/** The names of what keeps an incident of this severity quiet. */
export function holdersOf({ severity }: Pick<IncidentRecord, "severity">, holds: readonly Hold[]): string[] {
  return [...new Set(holds.filter((hold) => (hold.severity ?? severity) === severity).map(({ by }) => by))];
}

/**
 * From now on nobody hears of it. A suspicion stays one: nothing is healed either; an incident goes on. `told`: whether people have
 * heard of it.
 */
export function holdBack(draft: Draft, by: string[], told: boolean) {
  const { record, at } = draft;
  const before = record.suppressed;
  record.suppressed = {
    by: [...new Set([...(before?.by ?? []), ...by])],
    ...{ since: at, lookAt: at + LOOK_AGAIN_MS },
    told: before?.told ?? told,
    missed: before?.missed ?? false,
  };
}

/** Whether what keeps it quiet goes on, but not for its severity any more. */
export function hasOutgrown(record: IncidentRecord, holds: readonly Hold[]): boolean {
  return holdersOf(record, holds).length === 0 && holds.some(({ by }) => record.suppressed?.by.includes(by));
}

/**
 * Whether it is trouble of its own by now: nothing keeps it quiet any more, and there was time to recover with what did, unless
 * that goes on without it. `holds`: what keeps it quiet at this moment.
 */
export function isFree(draft: Draft, holds: readonly Hold[], rules: Rules): boolean {
  const { record, at } = draft;
  const { suppressed } = record;
  if (suppressed === null || at < suppressed.lookAt) return false;
  const outgrown = hasOutgrown(record, holds);
  const by = holdersOf(record, holds);
  if (by.length > 0) Object.assign(suppressed, { by, since: at });
  const time = at - suppressed.since;
  suppressed.lookAt = at + LOOK_AGAIN_MS;
  const hadTime = outgrown || time >= timingOf(record, rules).betweenRestartsMs;
  return by.length === 0 && failing(record).length > 0 && hadTime;
}
