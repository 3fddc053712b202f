import { leadingSymptom, moreTelling, symptomOn } from "./classes.ts";
import { type Draft, decided, draftOf, freshHealing, log, raise, tell } from "./draft.ts";
import {
  collectEvidence,
  onActed,
  onApprove,
  onEnded,
  onEvidence,
  onGone,
  onHealingResume,
  onHealingTick,
  onRecovered,
  onSituation,
} from "./healing.ts";
import { acknowledgedFor, allUp, failing, failingHosts, isFailing, memberOf, timingOf } from "./members.ts";
import { severityOf } from "./severity.ts";
import { holdBack, isFree, onHeldTick } from "./suppress.ts";
import type { Decision, IncidentRecord, LifecycleEvent, Member, Rules, Situation } from "./types.ts";

/** A suspicion that nobody confirmed or cleared. */
const SUSPECT_MS = 15 * 60_000;
/** The same trouble again this soon is the same incident. */
export const REOPEN_MS = 30 * 60_000;

type Verdict = Extract<LifecycleEvent, { type: "verdict" }>;

/**
 * What an event makes of an incident (null: there is none) and what has to be done. Pure: the same event a second time
 * changes nothing, and the same events make the same incident.
 */
export function decide(state: IncidentRecord | null, event: LifecycleEvent, rules: Rules): Decision {
  if (event.type === "verdict") return onVerdict(state, event, rules);
  if (state === null || state.state === "resolved") return { state, effects: [] };
  const draft = draftOf(state, event.at);
  if (event.type === "acknowledge") onAcknowledge(draft, event);
  else if (event.type === "tick") onTick(draft, rules);
  else if (event.type === "resume") onResume(draft, event, rules);
  else if (event.type === "checks") onChecks(draft, event, rules);
  else if (event.type === "situation" && state.state === "suspect") onHeldSituation(draft, event, rules);
  else if (state.state === "open" || state.state === "healing") {
    if (event.type === "evidence") onEvidence(draft, event);
    if (event.type === "situation") onSituation(draft, event, rules);
    if (event.type === "acted") onActed(draft, event, rules);
    if (event.type === "gone") onGone(draft, event, rules);
    if (event.type === "approve") onApprove(draft, event);
  }
  return draft.effects.some((effect) => effect.type === "drop")
    ? { state: null, effects: draft.effects }
    : decided(draft);
}

function onVerdict(state: IncidentRecord | null, event: Verdict, rules: Rules): Decision {
  const { verdict } = event;
  if (state === null) return begin(event);
  const known = state.members[verdict.checkId];
  const stale = known !== undefined && verdict.at < known.since;
  const member = memberOf(verdict, state.family, known);
  const same = known !== undefined && known.verdict === member.verdict && known.class === member.class;
  if (stale || (same && state.state !== "suspect")) return { state, effects: [] };
  // UNKNOWN of a check that has no part in it, or its first doubt, adds nothing.
  if (known === undefined && !isFailing(member)) return { state, effects: [] };
  const draft = draftOf(state, event.at);
  draft.record.members[verdict.checkId] = member;
  if (state.state === "suspect") return confirm(draft, event);
  if (state.state === "resolved")
    return isFailing(member) && reopens(state, event) ? reopen(draft, event, member) : { state, effects: [] };
  if (state.state === "monitoring") watchQuiet(draft, event, rules);
  else whileFailing(draft, event, rules);
  return decided(draft);
}

function begin(event: Verdict): Decision {
  const { verdict, at, id, key, previous } = event;
  const { environment, service, component, onset } = verdict;
  const family = verdict.family ?? "none";
  const member = memberOf(verdict, family);
  if (member.verdict === "UP" || member.verdict === "UNKNOWN") return { state: null, effects: [] };
  const record: IncidentRecord = {
    ...{ id, key, environment, service, component, family, previous, onset },
    ...{ state: "suspect", severity: "SEV3", symptom: leadingSymptom([member]), occurrence: 1, events: 0 },
    ...{ escalated: false, frozen: false, acknowledged: null, evidence: null },
    members: { [verdict.checkId]: member },
    healing: freshHealing(),
    ...{ detectedAt: at, failingSince: onset, openedAt: at, mitigatedAt: null, resolvedAt: null },
  };
  return confirm(draftOf(record, at), event);
}

/** A suspicion becomes an incident, or nothing; while something it needs fails it stays one: that is the trouble to tell of. */
function confirm(draft: Draft, { situation }: Pick<Verdict, "situation">): Decision {
  const { record } = draft;
  if (failing(record).length === 0)
    return allUp(record) ? { state: null, effects: [{ type: "drop" }] } : decided(draft);
  const parents = situation?.dependenciesDown ?? [];
  if (parents.length > 0) holdBack(draft, parents);
  else if (record.healing.vetoedSince === null) open(draft, situation);
  return decided(draft);
}

function open(draft: Draft, situation: Situation | null) {
  const { record, at } = draft;
  record.state = "open";
  record.openedAt = at;
  record.failingSince = record.onset;
  record.symptom = leadingSymptom(failing(record));
  record.severity = severityOf(record, situation, at);
  const held = record.healing.reason;
  record.healing = freshHealing(record.healing);
  draft.effects.push({ type: "grant" });
  tell(draft, "opened", {
    kind: "opened",
    text: headlineOf(record),
    data: { severity: record.severity, checks: Object.keys(record.members), previous: record.previous },
  });
  if (held !== null) log(draft, { kind: "note", text: held });
  collectEvidence(draft);
}

/** `web process gone on h2` */
function headlineOf(record: IncidentRecord): string {
  return `${record.service ?? record.component} ${symptomOn(record.symptom, failingHosts(record))}`;
}

function reopens(state: IncidentRecord, { at }: Verdict): boolean {
  return state.resolvedAt !== null && at - state.resolvedAt <= REOPEN_MS;
}

/** The same trouble again. The restarts of the hour stay used; a person is called anew. */
function reopen(draft: Draft, { verdict, situation, at }: Verdict, member: Member): Decision {
  const { record } = draft;
  record.members = { [verdict.checkId]: member };
  record.state = "open";
  record.occurrence += 1;
  record.onset = verdict.onset;
  record.failingSince = verdict.onset;
  record.resolvedAt = null;
  record.escalated = false;
  record.acknowledged = null;
  record.healing = freshHealing(record.healing);
  record.symptom = leadingSymptom(failing(record));
  tell(draft, "reopened", {
    kind: "reopened",
    text: `again (${record.occurrence}): ${headlineOf(record)}`,
  });
  raise(draft, severityOf(record, situation, at), "worse than before");
  collectEvidence(draft);
  return decided(draft);
}

function whileFailing(draft: Draft, { verdict, situation, at }: Verdict, rules: Rules) {
  const { record } = draft;
  if (allUp(record)) return recover(draft, "all checks pass again", rules);
  const text = verdict.to === "UP" ? `${verdict.checkId} passes again` : `${verdict.checkId} is ${verdict.to}`;
  log(draft, { kind: "check", text, data: { check: verdict.checkId, verdict: verdict.to, class: verdict.class } });
  if (failing(record).length > 0) record.symptom = moreTelling(record.symptom, leadingSymptom(failing(record)));
  if (!isFailing({ verdict: verdict.to })) return;
  raise(draft, severityOf(record, situation, at), "more checks fail");
  // What was no case for healing (failing now and then, wrong answers) may be one now.
  const { healing } = record;
  if (verdict.to !== "DOWN" || healing.phase !== "done" || healing.failed) return;
  healing.step = 0;
  healing.reason = null;
  collectEvidence(draft);
}

function recover(draft: Draft, text: string, rules: Rules) {
  const { record, at } = draft;
  record.state = "monitoring";
  record.mitigatedAt = at;
  onRecovered(draft, rules);
  const { worked } = record.healing;
  record.healing.until = at + timingOf(record, rules).quietMs;
  tell(draft, "recovering", { kind: "recovering", text: worked ? `${worked} worked: ${text}` : text });
}

/** While it is monitored, a doubt holds the quiet time up, and a confirmed failure is the same trouble still. */
function watchQuiet(draft: Draft, { verdict, situation, at }: Verdict, rules: Rules) {
  const { record } = draft;
  record.healing.until = allUp(record) ? at + timingOf(record, rules).quietMs : null;
  if (failing(record).length === 0) return;
  record.state = "open";
  record.mitigatedAt = null;
  record.onset = verdict.onset;
  record.failingSince = verdict.onset;
  record.symptom = leadingSymptom(failing(record));
  const text = `failed again: ${headlineOf(record)}`;
  record.healing.reason = text;
  tell(draft, "reopened", { kind: "failed-again", text });
  raise(draft, severityOf(record, situation, at), "worse than before");
  collectEvidence(draft);
}

function onTick(draft: Draft, rules: Rules) {
  const { record, at } = draft;
  if (record.state === "suspect") {
    if (failing(record).length > 0) onHeldTick(draft);
    else if (at - record.detectedAt >= SUSPECT_MS) draft.effects.push({ type: "drop" });
    return;
  }
  if (record.state === "monitoring") {
    if (record.healing.until !== null && at >= record.healing.until)
      resolve(draft, `quiet since ${record.healing.worked ?? "it recovered"}`);
    return;
  }
  if (failing(record).length > 0) raise(draft, severityOf(record, null, at), "it has lasted too long");
  onHealingTick(draft, rules);
}

function resolve(draft: Draft, text: string) {
  const { record, at } = draft;
  record.state = "resolved";
  record.resolvedAt = at;
  record.healing.until = null;
  tell(draft, "resolved", { kind: "resolved", text });
}

/** A flag: it keeps others from being called, and hides nothing. */
function onAcknowledge(draft: Draft, { actor, note, at }: Extract<LifecycleEvent, { type: "acknowledge" }>) {
  const { record } = draft;
  if (record.state === "suspect" || record.acknowledged?.at === at) return;
  record.acknowledged = { actor, note, at, until: at + acknowledgedFor(record.severity) };
  const text = note ? `${actor} has it: ${note}` : `${actor} has it`;
  tell(draft, "acknowledged", { kind: "acknowledged", text, actor });
}

function onResume(draft: Draft, event: Extract<LifecycleEvent, { type: "resume" }>, rules: Rules) {
  const { record, at } = draft;
  if (record.state === "suspect") return;
  log(draft, { kind: "resumed", text: "the daemon started again" });
  if (record.state !== "monitoring") return onHealingResume(draft, event, rules);
  // Nobody looked while the daemon was away, so the quiet time begins again.
  if (allUp(record)) record.healing.until = at + timingOf(record, rules).quietMs;
}

/** A check that no longer exists would never report its recovery; without any the incident has nothing to wait for. */
function onChecks(draft: Draft, { checks }: Extract<LifecycleEvent, { type: "checks" }>, rules: Rules) {
  const { record, at } = draft;
  const ended = Object.entries(record.members).filter(([id, { verdict }]) => !checks.includes(id) && verdict !== "UP");
  if (ended.length === 0) return;
  for (const [, member] of ended) Object.assign(member, { verdict: "UP", class: null, detail: null, since: at });
  if (record.state === "suspect") {
    if (allUp(record)) draft.effects.push({ type: "drop" });
    return;
  }
  const names = ended.map(([id]) => id).join(", ");
  const text = `${names} ${ended.length === 1 ? "does" : "do"} not exist any more`;
  if (Object.keys(record.members).every((id) => !checks.includes(id))) {
    record.mitigatedAt ??= at;
    onEnded(draft, text);
    return resolve(draft, text);
  }
  if (record.state !== "monitoring" && allUp(record)) return recover(draft, text, rules);
  log(draft, { kind: "note", text });
  if (allUp(record)) record.healing.until = at + timingOf(record, rules).quietMs;
}

function onHeldSituation(draft: Draft, event: Extract<LifecycleEvent, { type: "situation" }>, rules: Rules) {
  if (isFree(draft, event, rules)) open(draft, event.situation);
}
