import type { IncidentAction, RemedyKind, Severity } from "../contract/incident.ts";
import type { MessageKind } from "../notify/message.ts";
import { acknowledgedFor, failing } from "./members.ts";
import { higher } from "./severity.ts";
import type { Concluded, Decision, Effect, Healing, IncidentRecord } from "./types.ts";

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
  return { state: record, effects: withOneCall(effects) };
}

/** Each says more than those before it. */
const CALLS: readonly MessageKind[] = ["opened", "reopened", "severity", "escalated"];

/** Of what calls people at the same moment, the one that says most does; the others only tell. */
function withOneCall(effects: Effect[]): Effect[] {
  const calls = effects.filter((effect) => effect.type === "notify").filter(({ kind }) => CALLS.includes(kind));
  const most = Math.max(...calls.map(({ kind }) => CALLS.indexOf(kind)));
  return effects.map((effect) =>
    effect.type === "notify" && CALLS.includes(effect.kind) && CALLS.indexOf(effect.kind) < most
      ? { ...effect, quiet: true }
      : effect,
  );
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

/** While it fails and passes in turn these would say so each time. */
const OF_A_TURN: readonly MessageKind[] = ["recovering", "reopened"];

/**
 * Adds a line to the timeline and tells the channels, unless it is kept quiet: who heard of it hears of its end. `quiet`: it calls nobody,
 * whatever its kind.
 */
export function tell(draft: Draft, kind: MessageKind, entry: Entry, quiet = false): void {
  const { suppressed, flapping } = draft.record;
  const seq = log(draft, entry);
  const isMuted = suppressed !== null && (kind !== "resolved" || !suppressed.told);
  if (suppressed !== null && isMuted && kind !== "resolved") suppressed.missed = true;
  if (isMuted || (flapping !== null && OF_A_TURN.includes(kind))) return;
  draft.effects.push({ type: "notify", seq, at: draft.at, kind, text: entry.text, ...(quiet ? { quiet } : {}) });
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
  action: { remedy: RemedyKind; step: number; outcome: IncidentAction["outcome"]; detail: string | null },
): number {
  const { healing } = draft.record;
  healing.actions += 1;
  const { evidenceSeq, actions: number } = healing;
  const failure = failing(draft.record)[0]?.class ?? null;
  draft.effects.push({ type: "action", number, at: draft.at, evidenceSeq, class: failure, ...action });
  return healing.actions;
}

/** Ends the action under way, if there is one. */
export function concludeAction(draft: Draft, outcome: Concluded, detail: string | null): void {
  const { healing } = draft.record;
  if (healing.action === null) return;
  draft.effects.push({ type: "conclude", number: healing.action, at: draft.at, outcome, detail });
  healing.action = null;
}

/** An acknowledgement holds no longer than one of the new severity. */
export function setSeverity({ record, at }: Draft, severity: Severity): void {
  const { acknowledged } = record;
  record.severity = severity;
  if (acknowledged !== null) acknowledged.until = Math.min(acknowledged.until, at + acknowledgedFor(severity));
}

/** Makes the incident at least this severe and says why; what a person has decided holds until the rules say more than they did then. */
export function raise(draft: Draft, severity: Severity, why: string): void {
  const { record } = draft;
  const before = record.severity;
  if (record.judged !== null && higher(record.judged, severity) === record.judged) return;
  const after = higher(before, severity);
  if (after === before) return;
  setSeverity(draft, after);
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
    restarts: before?.restarts ?? [],
    bootMs: before?.bootMs ?? null,
    redeployed: before?.redeployed ?? false,
    approvedBy: null,
    reason: null,
    failed: false,
    worked: null,
    handed: false,
  };
}
