import type { IncidentAction, RemedyKind, Severity } from "../contract/incident.ts";
import type { MessageKind } from "../notify/message.ts";
import { higher } from "./severity.ts";
import type { Decision, Effect, Healing, IncidentRecord } from "./types.ts";

/** An incident being changed by one decision, and what the change brings about. */
export interface Draft {
  record: IncidentRecord;
  effects: Effect[];
  at: number;
}

export function draftOf(state: IncidentRecord, at: number): Draft {
  return { record: structuredClone(state), effects: [], at };
}

export function decided({ record, effects }: Draft): Decision {
  return { state: record, effects };
}

interface Entry {
  kind: string;
  text: string;
  actor?: string | null;
  data?: Record<string, unknown>;
}

/** Adds a line to the timeline and answers its number. */
export function log({ record, effects, at }: Draft, { kind, text, actor = null, data = {} }: Entry): number {
  record.events += 1;
  effects.push({ type: "event", seq: record.events, at, kind, text, actor, data });
  return record.events;
}

/** Adds a line to the timeline and tells the channels. */
export function tell(draft: Draft, kind: MessageKind, entry: Entry): void {
  const seq = log(draft, entry);
  draft.effects.push({ type: "notify", seq, at: draft.at, kind, text: entry.text });
}

/** Begins background work; an answer to earlier work is ignored from now on. */
export function beginWork({ record }: Draft): number {
  record.healing.works += 1;
  record.healing.pending = record.healing.works;
  return record.healing.works;
}

/** Puts an action down and answers its number. */
export function addAction(
  draft: Draft,
  action: { remedy: RemedyKind; outcome: IncidentAction["outcome"]; detail: string | null },
): number {
  const { healing } = draft.record;
  healing.actions += 1;
  const evidenceSeq = healing.evidenceSeq;
  draft.effects.push({ type: "action", number: healing.actions, at: draft.at, evidenceSeq, ...action });
  return healing.actions;
}

/** Ends the action under way, if there is one. */
export function concludeAction(
  draft: Draft,
  outcome: "succeeded" | "failed" | "refused" | "skipped",
  detail: string | null,
): void {
  const { healing } = draft.record;
  if (healing.action === null) return;
  draft.effects.push({ type: "conclude", number: healing.action, at: draft.at, outcome, detail });
  healing.action = null;
}

/** Makes the incident at least this severe and says why. */
export function raise(draft: Draft, severity: Severity, why: string): void {
  const { record } = draft;
  const before = record.severity;
  record.severity = higher(before, severity);
  if (record.severity === before) return;
  const data = { from: before, to: record.severity };
  tell(draft, "severity", { kind: "severity", text: `${before} → ${record.severity}: ${why}`, data });
}

/** The healing of an incident that has just begun; what was counted before is kept. */
export function freshHealing(before?: Healing): Healing {
  return {
    phase: "idle",
    step: 0,
    until: null,
    works: before?.works ?? 0,
    pending: null,
    actions: before?.actions ?? 0,
    action: null,
    remedy: null,
    evidenceSeq: null,
    vetoedSince: null,
    lastRestartAt: before?.lastRestartAt ?? null,
    redeployed: before?.redeployed ?? false,
    approvedBy: null,
    reason: null,
    failed: false,
    worked: null,
    handed: false,
  };
}
