import { utcMinute } from "../core/when.ts";
import type { Message } from "../notify/message.ts";
import { symptomOn } from "./classes.ts";
import { failedChecks, failing, failingHosts, isAcknowledged, isHealable } from "./members.ts";
import type { Effect, HealingPhase, IncidentRecord, Remedy } from "./types.ts";

/** Pages about an incident, `checks` being those that failed. */
export type LinksOf = (incident: { id: string; checks: readonly string[] }) => Message["links"];

const DOING: Record<Exclude<HealingPhase, "acting" | "verifying">, string> = {
  idle: "watching it",
  evidence: "collecting evidence, then choosing a remedy",
  choosing: "choosing a remedy",
  waiting: "healing waits and goes on as soon as it may",
  proposed: "waiting for approval of the plan",
  proving: "watching whether it stays well",
  done: "automatic healing has stopped",
};

const ACTING: Record<Remedy, string> = {
  "clear-sessions": "clearing the sessions",
  "reconnect-pool": "making its connections anew",
  "drop-cache": "dropping its cache",
  restart: "restarting it",
  redeploy: "going back to the last good release",
};

/** What the channels are told of an incident's event: never log lines. */
export function messageOf(
  record: IncidentRecord,
  { kind, seq, at, text, quiet }: Extract<Effect, { type: "notify" }>,
  { project, links }: { project: string; links: Message["links"] },
): Message {
  return {
    version: 1,
    kind,
    event: seq,
    at: new Date(at).toISOString(),
    project,
    environment: record.environment,
    text,
    ...standOf(record, kind, at),
    ...(quiet ? { quiet } : {}),
    ...(kind === "proposal" ? { approveUntil: proposedUntil(record) } : {}),
    links,
  };
}

/** The message with what is true of its incident at this moment (epoch ms). */
export function refreshed(message: Message, record: IncidentRecord, now: number): Message {
  const { kind } = message;
  const until = proposedUntil(record);
  const isGone = until === undefined || (message.approveUntil ?? until) !== until || Date.parse(until) <= now;
  return { ...message, ...standOf(record, kind, now), ...(kind === "proposal" && isGone ? { withdrawn: true } : {}) };
}

/** Until when its plan can be approved, in ISO 8601; undefined where none waits. */
function proposedUntil({ healing: { phase, until } }: Pick<IncidentRecord, "healing">): string | undefined {
  return phase === "proposed" && until !== null ? new Date(until).toISOString() : undefined;
}

/** How an incident stands, for calls that no event of its own makes. */
export function standingMessage(
  record: IncidentRecord,
  at: number,
  { project, links }: { project: string; links: Message["links"] },
): Message {
  const text = `${record.service ?? record.component} ${symptomOn(record.symptom, failingHosts(record))}`;
  return messageOf(record, { type: "notify", kind: "reminder", seq: record.events, at, text }, { project, links });
}

type Stand = Pick<Message, "incident" | "detail" | "cause" | "evidence" | "doing" | "todo">;

function standOf(record: IncidentRecord, kind: Message["kind"], at: number): Stand {
  const { id, key, state, severity, occurrence, healing } = record;
  const symptom = symptomOn(record.symptom, failingHosts(record));
  const detail = failing(record).find((member) => member.detail !== null)?.detail ?? undefined;
  const cause = causeOf(record);
  return {
    incident: {
      ...{ id, key, state, severity, symptom, occurrence },
      service: record.service ?? record.component,
      since: new Date(record.failingSince).toISOString(),
      failedChecks: failedChecks(record),
      acknowledged: isAcknowledged(record, at),
      critical: failing(record).some((member) => member.critical),
      ...(record.flapping === null ? {} : { flapping: true }),
    },
    ...(detail === undefined ? {} : { detail }),
    ...(cause === undefined ? {} : { cause }),
    ...(healing.evidenceSeq === null ? {} : { evidence: [`${id}#${healing.evidenceSeq}`] }),
    doing: doingOf(record, kind),
    todo: todoOf(record, kind),
  };
}

const SUSPECT_MS = 60 * 60_000;

/** The last change before its first failure, if that is less than an hour earlier: what came later may have been meant to mend it. */
export function causeOf({ evidence, onset }: Pick<IncidentRecord, "evidence" | "onset">): string | undefined {
  const change = evidence?.changes.find(({ at }) => Date.parse(at) <= onset && onset - Date.parse(at) <= SUSPECT_MS);
  return change && `${change.text} (${utcMinute(change.at)})`;
}

function doingOf(record: IncidentRecord, kind: Message["kind"]): string {
  const { healing, state, service } = record;
  if (kind === "resolved") return "watching as usual";
  if (state === "monitoring") return DOING.proving;
  if (service === null) return "nothing: there is no service to heal, people have to mend it";
  if (!isHealable(record)) return "nothing: people have to find what uses up the error budget";
  if (healing.phase === "acting") return ACTING[healing.remedy ?? "restart"];
  if (healing.phase === "verifying") return `the ${healing.remedy} is done, waiting for the checks to pass`;
  return DOING[healing.phase];
}

function todoOf({ id, healing }: IncidentRecord, kind: Message["kind"]): string {
  if (kind === "recovering" || kind === "resolved" || kind === "acknowledged") return "no action needed";
  if (healing.phase === "proposed" && healing.until !== null)
    return `approve the plan until ${utcMinute(healing.until)} with stationmaster approve ${id}, or mend it by hand`;
  if (kind === "escalated" || kind === "reminder")
    return `look at it now and acknowledge it with stationmaster ack ${id}`;
  if (kind === "update") return "mend it by hand";
  return healing.phase === "done"
    ? `look at it and acknowledge it with stationmaster ack ${id}`
    : "no action needed yet";
}
