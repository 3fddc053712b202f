import { isOver } from "../contract/incident.ts";
import { leadingSymptom, moreTelling } from "./classes.ts";
import { type Draft, decided, draftOf, log, raise, tell } from "./draft.ts";
import { onAcknowledgementOver, REOPEN_MS, recover, resolve, settle } from "./ending.ts";
import { onFlap } from "./flap.ts";
import {
  collectEvidence,
  onActed,
  onApprove,
  onEnded,
  onEvidence,
  onGone,
  onHealingResume,
  onHealingTick,
  onOrdered,
  onSituation,
} from "./healing.ts";
import { allUp, failing, isFailing, memberOf, quietFor } from "./members.ts";
import { begin, confirm, headlineOf, reopen, report, setFree, tellAgain } from "./opening.ts";
import { onAcknowledge, onClose, onFreeze, onJudge } from "./people.ts";
import { onDecline } from "./proposal.ts";
import { onDisproven, onProven } from "./proving.ts";
import { severityOf } from "./severity.ts";
import { holdBack, holdersOf, isFree } from "./suppress.ts";
import type { Decision, IncidentRecord, LifecycleEvent, Rules } from "./types.ts";

/** A suspicion that nobody confirmed or cleared. */
const SUSPECT_MS = 15 * 60_000;

type On<T extends LifecycleEvent["type"]> = Extract<LifecycleEvent, { type: T }>;
type Verdict = On<"verdict">;

/**
 * What an event makes of an incident (null: there is none) and what has to be done. Pure: the same event a second time
 * changes nothing, and the same events make the same incident.
 */
export function decide(state: IncidentRecord | null, event: LifecycleEvent, rules: Rules): Decision {
  if (event.type === "verdict") return onVerdict(state, event, rules);
  if (event.type === "report") return state === null ? report(event) : { state, effects: [] };
  if (state === null) return { state, effects: [] };
  const draft = draftOf(state, event.at);
  if (isOver(state.state)) afterwards(draft, event);
  else whileUnclosed(draft, event, rules);
  return draft.effects.some((effect) => effect.type === "drop")
    ? { state: null, effects: draft.effects }
    : decided(draft);
}

function afterwards(draft: Draft, event: LifecycleEvent) {
  if (event.type === "tick") settle(draft);
  if (event.type === "close") onClose(draft, event);
}

function whileUnclosed(draft: Draft, event: LifecycleEvent, rules: Rules) {
  switch (event.type) {
    case "tick":
      return onTick(draft, event, rules);
    case "resume":
      return onResume(draft, event, rules);
    case "checks":
      return onChecks(draft, event, rules);
    case "acknowledge":
      return onAcknowledge(draft, event);
    case "judge":
      return onJudge(draft, event);
    case "freeze":
      return onFreeze(draft, event);
    case "close":
      return onClose(draft, event);
    case "fold":
      return onFold(draft, event);
    case "gather":
      return onGather(draft, event);
    default:
      onWork(draft, event, rules);
  }
}

/** Answers of work in the background, which only what still fails has a use for. */
function onWork(draft: Draft, event: LifecycleEvent, rules: Rules) {
  const { state } = draft.record;
  if (state !== "open" && state !== "healing") return;
  if (event.type === "evidence") onEvidence(draft, event);
  if (event.type === "situation") onSituation(draft, event, rules);
  if (event.type === "acted") onActed(draft, event, rules);
  if (event.type === "gone") onGone(draft, event, rules);
  if (event.type === "approve") onApprove(draft, event);
  if (event.type === "decline") onDecline(draft, event);
  if (event.type === "ordered") onOrdered(draft, event, rules);
}

function onVerdict(state: IncidentRecord | null, event: Verdict, rules: Rules): Decision {
  const { verdict } = event;
  if (state === null) return begin(event);
  const known = state.members[verdict.checkId];
  // A time that lies ahead is of a clock that was set back since, or of a machine whose clock is fast: it orders nothing.
  const stale = known !== undefined && verdict.at < known.since && known.since <= event.at;
  const member = memberOf(verdict, state.family, known);
  const same = known !== undefined && known.verdict === member.verdict && known.class === member.class;
  if (stale || (same && state.state !== "suspect")) return { state, effects: [] };
  // UNKNOWN of a check that has no part in it, or its first doubt, adds nothing.
  if (known === undefined && !isFailing(member)) return { state, effects: [] };
  const draft = draftOf(state, event.at);
  draft.record.members[verdict.checkId] = member;
  if (state.state === "suspect") return confirm(draft, event);
  if (isOver(state.state))
    return isFailing(member) && reopens(state, event) ? reopen(draft, event, member) : { state, effects: [] };
  // One check alone cannot say that it is over.
  if (state.flapping === null) onFlap(draft, event.flap, rules);
  if (state.state === "monitoring") watchQuiet(draft, event, rules);
  else whileFailing(draft, event, rules);
  return decided(draft);
}

/** What is reviewed or closed by a person stays so; the next failure is another incident. */
function reopens(state: IncidentRecord, { at }: Verdict): boolean {
  return state.state === "resolved" && state.resolvedAt !== null && at - state.resolvedAt <= REOPEN_MS;
}

function whileFailing(draft: Draft, { verdict, situation, at }: Verdict, rules: Rules) {
  const { record } = draft;
  if (allUp(record)) return recover(draft, "all checks pass again", rules);
  const text = verdict.to === "UP" ? `${verdict.checkId} passes again` : `${verdict.checkId} is ${verdict.to}`;
  log(draft, { kind: "check", text, data: { check: verdict.checkId, verdict: verdict.to, class: verdict.class } });
  if (failing(record).length > 0) record.symptom = moreTelling(record.symptom, leadingSymptom(failing(record), record));
  if (!isFailing({ verdict: verdict.to })) return;
  raise(draft, severityOf(record, situation, at), text);
  // What was no case for healing (failing now and then, wrong answers) may be one now.
  const { healing } = record;
  if (verdict.to !== "DOWN" || healing.phase !== "done" || healing.failed) return;
  healing.step = 0;
  healing.reason = null;
  collectEvidence(draft);
}

/** While it is monitored, a doubt holds the quiet time up, and a confirmed failure is the same trouble still. */
function watchQuiet(draft: Draft, { verdict, situation, at }: Verdict, rules: Rules) {
  const { record } = draft;
  record.healing.until = allUp(record) ? at + quietFor(record, rules) : null;
  if (failing(record).length === 0) return;
  record.state = "open";
  record.mitigatedAt = null;
  record.failingSince = verdict.onset;
  record.symptom = leadingSymptom(failing(record), record);
  const text = `failed again: ${headlineOf(record)}`;
  onDisproven(draft);
  record.healing.reason = text;
  tellAgain(draft, { kind: "failed-again", text, data: { onset: new Date(verdict.onset).toISOString() } });
  raise(draft, severityOf(record, situation, at), "worse than before");
  collectEvidence(draft);
}

function onTick(draft: Draft, { holds, flap }: On<"tick">, rules: Rules) {
  const { record, at } = draft;
  onHolds(draft, holds, rules);
  if (record.state === "suspect") {
    const isOld = record.suppressed === null && failing(record).length === 0 && at - record.openedAt >= SUSPECT_MS;
    if (isOld) draft.effects.push({ type: "drop" });
    return;
  }
  onFlap(draft, flap, rules);
  if (record.state === "monitoring") {
    const { until, phase, worked } = record.healing;
    if (record.flapping !== null || until === null || at < until) return;
    if (phase === "proving") return onProven(draft, rules);
    return resolve(draft, `quiet since ${worked ?? "it recovered"}`);
  }
  onAcknowledgementOver(draft);
  if (failing(record).length > 0) raise(draft, severityOf(record, null, at), "it has lasted too long");
  onHealingTick(draft, rules);
}

/** What keeps it quiet begins or ends; undefined where nobody looked. */
function onHolds(draft: Draft, holds: On<"tick">["holds"], rules: Rules) {
  const { record } = draft;
  if (holds === undefined) return;
  if (record.suppressed !== null) {
    if (isFree(draft, holds, rules)) setFree(draft, holds);
    return;
  }
  const by = record.state === "suspect" ? [] : holdersOf(record, holds);
  if (by.length > 0) holdBack(draft, by, true);
}

function onFold(draft: Draft, { head, cause }: On<"fold">) {
  const { record } = draft;
  if (record.state === "suspect" || head === record.id || record.suppressed?.by.includes(head)) return;
  log(draft, { kind: "note", text: `part of ${head} from now on: ${cause}` });
  holdBack(draft, [head], true);
}

function onGather(draft: Draft, { cause, members, severity }: On<"gather">) {
  const { record } = draft;
  const known = record.storm?.members ?? [];
  const added = members.filter(({ id }) => id !== record.id && !known.some((member) => member.id === id));
  if (record.state === "suspect" || added.length === 0) return;
  const isFirst = record.storm === null;
  record.storm = { cause: record.storm?.cause ?? cause, members: [...known, ...added] };
  const services = [...new Set(added.map(({ service }) => service))];
  const entry = {
    kind: "storm",
    text: `${services.join(", ")} ${services.length === 1 ? "fails" : "fail"} with it: ${cause}`,
    data: { incidents: added.map(({ id }) => id) },
  };
  if (isFirst) tell(draft, "update", entry);
  else log(draft, entry);
  // It stands for them, and nobody is called for them.
  raise(draft, severity, entry.text);
}

function onResume(draft: Draft, event: On<"resume">, rules: Rules) {
  const { record, at } = draft;
  if (record.state === "suspect") return;
  log(draft, { kind: "resumed", text: "the daemon started again" });
  if (record.state !== "monitoring") return onHealingResume(draft, event, rules);
  // Nobody looked while the daemon was away, so the quiet time begins again.
  if (allUp(record)) record.healing.until = at + quietFor(record, rules);
}

/** A check that no longer exists would never report its recovery; without any the incident has nothing to wait for. */
function onChecks(draft: Draft, { checks }: On<"checks">, rules: Rules) {
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
  if (allUp(record)) record.healing.until = at + quietFor(record, rules);
}
