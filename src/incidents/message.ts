import type { Message } from "../notify/message.ts";
import { symptomOn } from "./classes.ts";
import { failedChecks, failingHosts, isAcknowledged } from "./members.ts";
import type { Effect, HealingPhase, IncidentRecord, Remedy } from "./types.ts";

const DOING: Record<Exclude<HealingPhase, "acting" | "verifying">, string> = {
  idle: "watching it",
  evidence: "collecting evidence, then choosing a remedy",
  choosing: "choosing a remedy",
  waiting: "healing waits and goes on as soon as it may",
  proposed: "waiting for approval of the plan",
  done: "automatic healing has stopped",
};

const ACTING: Record<Remedy, string> = {
  "clear-sessions": "clearing the sessions",
  restart: "restarting it",
  redeploy: "going back to the last good release",
};

/** What the channels are told of an incident's event: never log lines. */
export function messageOf(
  record: IncidentRecord,
  { kind, seq, at, text }: Extract<Effect, { type: "notify" }>,
  { project, links }: { project: string; links: Message["links"] },
): Message {
  const { id, key, state, severity, environment, occurrence } = record;
  const symptom = symptomOn(record.symptom, failingHosts(record));
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
  if (kind === "resolved") return "watching as usual";
  if (state === "monitoring") return "watching whether it stays well";
  if (healing.phase === "acting") return ACTING[healing.remedy ?? "restart"];
  if (healing.phase === "verifying") return `the ${healing.remedy} is done, waiting for the checks to pass`;
  return DOING[healing.phase];
}

function todoOf({ id, healing }: IncidentRecord, kind: Message["kind"]): string {
  if (kind === "proposal") return `approve it within 30 min with stationmaster approve ${id}, or mend it by hand`;
  if (kind === "escalated") return `look at it now and acknowledge it with stationmaster ack ${id}`;
  if (kind === "update") return "mend it by hand";
  if (kind === "recovering" || kind === "resolved" || kind === "acknowledged") return "no action needed";
  return healing.phase === "done"
    ? `look at it and acknowledge it with stationmaster ack ${id}`
    : "no action needed yet";
}
