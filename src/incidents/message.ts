import type { Message } from "../notify/message.ts";
import { failedChecks, isAcknowledged } from "./members.ts";
import type { Effect, HealingPhase, IncidentRecord } from "./types.ts";

const DOING: Record<HealingPhase, string> = {
  idle: "watching it",
  evidence: "collecting evidence, then healing",
  choosing: "choosing a remedy",
  waiting: "healing goes on as soon as it may",
  proposed: "waiting for approval",
  acting: "a remedy is under way",
  verifying: "waiting for the checks to pass",
  done: "nothing more is tried",
};

/** What the channels are told of an incident's event: never log lines. */
export function messageOf(
  record: IncidentRecord,
  { kind, seq, at, text }: Extract<Effect, { type: "notify" }>,
  { project, links }: { project: string; links: Message["links"] },
): Message {
  const { id, key, state, severity, environment, symptom, occurrence } = record;
  return {
    version: 1,
    kind,
    event: seq,
    at: new Date(at).toISOString(),
    project,
    environment,
    incident: {
      ...{ id, key, state, severity, symptom, occurrence },
      service: record.service ?? record.component,
      since: new Date(record.failingSince).toISOString(),
      failedChecks: failedChecks(record),
      acknowledged: isAcknowledged(record, at),
    },
    text,
    doing: doingOf(record, kind),
    todo: todoOf(record, kind),
    links,
  };
}

function doingOf({ healing, state }: IncidentRecord, kind: Message["kind"]): string {
  if (kind === "resolved") return "nothing, it is over";
  const remedy = healing.phase === "acting" || healing.phase === "verifying" ? ` (${healing.remedy})` : "";
  return state === "monitoring" ? "watching whether it stays well" : `${DOING[healing.phase]}${remedy}`;
}

function todoOf({ id, healing }: IncidentRecord, kind: Message["kind"]): string {
  if (kind === "proposal") return `approve ${id} within 30 min, or mend it by hand`;
  if (kind === "escalated") return `look at it now and acknowledge ${id}`;
  if (kind === "update") return "mend it by hand, the machine has stopped";
  if (kind === "recovering" || kind === "resolved" || kind === "acknowledged") return "nothing";
  return healing.phase === "done" ? `look at it and acknowledge ${id}` : "nothing yet";
}
