import type { Queryable } from "../store/connect.ts";
import { symptomOn } from "./classes.ts";
import type { StormState } from "./flags.ts";
import { decide } from "./lifecycle.ts";
import { failing, failingHosts } from "./members.ts";
import { lockOpenedSince, type Place } from "./rows.ts";
import { higher } from "./severity.ts";
import { isSilence } from "./silences/silence.ts";
import { type Opening, STORM_MS, type Storm, stormOf } from "./storm.ts";
import type { Change, IncidentRecord, Rules } from "./types.ts";

/** A storm with the incidents in it, locked. */
interface Gathering extends Storm {
  others: readonly IncidentRecord[];
}

/** The storm that an incident that opens makes or joins; null for none. */
export async function joinStorm(tx: Queryable, place: Place, record: IncidentRecord): Promise<Gathering | null> {
  const recent = await lockOpenedSince(tx, place, record.openedAt - STORM_MS);
  const others = recent.filter(
    ({ id, reportedBy, suppressed }) => id !== record.id && reportedBy === null && !suppressed?.by.some(isSilence),
  );
  const storm = stormOf(openingOf(record), others.map(openingOf));
  return storm && { ...storm, others };
}

/** What a storm changes: those folded into it, and the incident that stands for all. `opened`: the one that opens now. */
export function gather(opened: Change, { head, fold, cause, others }: Gathering, rules: Rules, at: number): Change[] {
  const changes = new Map<string, Change>();
  for (const other of others) changes.set(other.id, { before: other, decision: { state: other, effects: [] } });
  if (opened.decision.state) changes.set(opened.decision.state.id, opened);
  const tell = (id: string, event: Parameters<typeof decide>[1]) => {
    const change = changes.get(id);
    if (!change) return;
    const { state, effects } = decide(change.decision.state, event, rules);
    changes.set(id, { ...change, decision: { state, effects: [...change.decision.effects, ...effects] } });
  };
  for (const id of fold) tell(id, { type: "fold", at, head, cause });
  const folded = fold.flatMap((id) => changes.get(id)?.decision.state ?? []);
  const severity = folded.map((record) => record.severity).reduce(higher, "SEV3");
  tell(head, { type: "gather", at, cause, members: folded.map(memberOf), severity });
  return [...changes.values()];
}

function memberOf(record: IncidentRecord): StormState["members"][number] {
  const symptom = symptomOn(record.symptom, failingHosts(record));
  return { id: record.id, service: record.service ?? record.component, symptom };
}

function openingOf(record: IncidentRecord): Opening {
  const { id, service, component, needs, openedAt, suppressed } = record;
  const classes = failing(record).flatMap((member) => member.class ?? []);
  return {
    ...{ id, needs, openedAt, subject: service ?? component },
    names: [service !== null && component === "service" ? service : component],
    traits: [...failingHosts(record).map((host) => `host ${host}`), ...new Set(classes.map((name) => `class ${name}`))],
    head: suppressed?.by.find((by) => by.startsWith("inc-")) ?? null,
  };
}
