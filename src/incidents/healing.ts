import { formatDuration } from "../core/duration.ts";
import { plural } from "../core/plural.ts";
import { RESTARTS_SPENT } from "./budget.ts";
import { asksFirst, type Choice, choose, ladderOf } from "./choose.ts";
import { addAction, beginWork, concludeAction, type Draft, log, raise } from "./draft.ts";
import { escalate, giveUp, leaveToPeople, remind } from "./escalate.ts";
import type { Veto } from "./guard.ts";
import { failing, graceFor, isHealable } from "./members.ts";
import { proposalOf, propose } from "./proposal.ts";
import { isRelief } from "./remedy-classes.ts";
import { nameOf, noteRestart, restartNumber, stepOf } from "./rung.ts";
import { severityOf } from "./severity.ts";
import type { Healing, IncidentRecord, LifecycleEvent, Remedy, Rules } from "./types.ts";

export const EVIDENCE_MS = 30_000;
/** Background work answers for itself within its own deadline; this is for answers that never come. */
const LOST_ANSWER_MS = 15_000;
const LOOK_AGAIN_MS = 5_000;
/** A veto that passes (a deployment, a neighbour just healed for 5 min) is waited for this long before a person is called. */
const VETO_PATIENCE_MS = 6 * 60_000;

type On<T extends LifecycleEvent["type"]> = Extract<LifecycleEvent, { type: T }>;

/** Evidence comes before any action. A person's word holds for the run that begins here, not for one before it. */
export function collectEvidence(draft: Draft) {
  const { healing } = draft.record;
  healing.phase = "evidence";
  healing.approvedBy = null;
  healing.until = draft.at + EVIDENCE_MS;
  draft.effects.push({ type: "collect", work: beginWork(draft) });
}

export function onEvidence(draft: Draft, { work, evidence }: Pick<On<"evidence">, "work" | "evidence">) {
  const { record } = draft;
  const { healing } = record;
  if (healing.phase !== "evidence" || healing.pending !== work) return;
  if (record.service === null) {
    healing.pending = null;
    return leaveToPeople(draft, "there is no service to restart for this check");
  }
  const missing = evidence.missing.length > 0 ? `, missing: ${evidence.missing.join(", ")}` : "";
  const text = `evidence kept: ${plural(evidence.logs.length, "log line")}, ${plural(evidence.changes.length, "recent change")}${missing}`;
  record.evidence = evidence;
  healing.evidenceSeq = log(draft, { kind: "evidence", text, data: { ...evidence } });
  healing.pending = null;
  if (!isHealable(record)) return leaveToPeople(draft, "no remedy gives a used up error budget back");
  look(draft);
}

/** Asks how things stand; the answer is a `situation`. */
function look(draft: Draft) {
  const { healing } = draft.record;
  healing.phase = "choosing";
  healing.until = draft.at + LOST_ANSWER_MS;
  draft.effects.push({ type: "look", work: beginWork(draft) });
}

/** Looks again later. */
function wait(draft: Draft, until = draft.at + LOOK_AGAIN_MS) {
  draft.record.healing.phase = "waiting";
  draft.record.healing.until = until;
}

export function onSituation(draft: Draft, event: On<"situation">, rules: Rules) {
  const { record, at } = draft;
  const { healing } = record;
  if (healing.phase !== "choosing" || healing.pending !== event.work) return;
  healing.pending = null;
  const { situation, ...limits } = event;
  if (situation === null)
    return veto(draft, { rule: "unseen", kind: "wait", reason: "the situation could not be found out" });
  healing.bootMs = situation.bootMs ?? healing.bootMs ?? null;
  healing.restart = restartNumber(limits.restartsLeft);
  raise(draft, severityOf(record, situation, at), "more is affected than at first");
  const choice = choose({ ...limits, record, situation, rules, at });
  refuse(draft, choice, rules);
  healing.step = choice.step;
  const proposal = healing.approvedBy === null ? proposalOf(choice) : null;
  if (proposal && asksFirst(proposal.remedy, record, rules)) return propose(draft, proposal, rules);
  const { next } = choice;
  if (next.type === "veto") return veto(draft, next.veto);
  healing.vetoedSince = null;
  if (next.type === "exhausted") return giveUp(draft, whyStuck(record, event, rules) ?? "no remedy applies");
  if (next.type === "pace") return wait(draft, next.until);
  if (next.last) escalate(draft, whyStuck(record, event, rules) ?? "no restart is left to try");
  act(draft, next.remedy, rules);
}

/** What went wrong last, and that the limit leaves no further restart; null where neither is so. */
function whyStuck(record: IncidentRecord, { restartsLeft }: Pick<On<"situation">, "restartsLeft">, rules: Rules) {
  const { reason } = record.healing;
  const isSpent = restartsLeft <= 0 && ladderOf(record, rules).includes("restart") && !reason?.includes(RESTARTS_SPENT);
  return [reason, isSpent ? RESTARTS_SPENT : null].filter((part) => part !== null).join("; ") || null;
}

function refuse(draft: Draft, { refused }: Choice, rules: Rules) {
  const { healing } = draft.record;
  for (const { remedy, reason, spent } of refused) {
    const { record } = draft;
    addAction(draft, { remedy, step: stepOf(record, remedy, rules), outcome: "refused", detail: reason });
    log(draft, { kind: "refused", text: `${nameOf(record, remedy)} refused: ${reason}` });
    healing.reason ??= reason;
    // A class that a restart cannot mend is no failure of healing; a spent limit is.
    healing.failed ||= spent;
  }
}

function veto(draft: Draft, { kind, reason }: Veto) {
  const { record, at } = draft;
  const { healing } = record;
  if (kind === "freeze") {
    record.frozen = true;
    raise(draft, "SEV1", reason);
  }
  if (kind === "freeze" || kind === "stop") {
    healing.failed = true;
    return giveUp(draft, reason);
  }
  if (healing.vetoedSince === null) log(draft, { kind: "waiting", text: `healing waits: ${reason}` });
  healing.vetoedSince ??= at;
  if (kind === "wait" && at - healing.vetoedSince >= VETO_PATIENCE_MS)
    escalate(draft, `healing still waits: ${reason}`);
  wait(draft);
}

export function onApprove(draft: Draft, { actor }: On<"approve">) {
  const { record } = draft;
  if (record.healing.phase !== "proposed") return;
  record.healing.approvedBy = actor;
  log(draft, { kind: "approved", text: `${actor} approved the plan`, actor });
  look(draft);
}

/** A person did something about it. A plan that waited for people is theirs now; the ladder goes on only if that does not help. */
export function onOrdered(draft: Draft, { actor, text, step }: On<"ordered">, rules: Rules) {
  const { record, at } = draft;
  const { healing } = record;
  log(draft, { kind: "ordered", text, actor });
  if (healing.phase !== "proposed" && healing.phase !== "waiting") return;
  concludeAction(draft, "skipped", text);
  healing.step = Math.max(healing.step, step);
  wait(draft, at + graceFor(record, null, rules));
}

function act(draft: Draft, remedy: Remedy, rules: Rules) {
  const { record } = draft;
  const { healing } = record;
  record.state = "healing";
  healing.phase = "acting";
  healing.until = null;
  healing.remedy = remedy;
  if (remedy === "redeploy") healing.redeployed = true;
  const step = stepOf(record, remedy, rules);
  const text = `${nameOf(record, remedy)} begins`;
  if (healing.action === null) healing.action = addAction(draft, { remedy, step, outcome: "running", detail: null });
  else
    draft.effects.push({
      type: "begin",
      number: healing.action,
      at: draft.at,
      ...{ remedy, step },
      detail: `approved by ${healing.approvedBy}`,
    });
  log(draft, { kind: "action", text, data: { action: healing.action, remedy, evidence: healing.evidenceSeq } });
  draft.effects.push({ type: "act", work: beginWork(draft), number: healing.action, remedy });
}

export function onActed(draft: Draft, { work, outcome, detail }: On<"acted">, rules: Rules) {
  const { record, at } = draft;
  const { healing } = record;
  if (healing.phase !== "acting" || healing.pending !== work) return;
  healing.pending = null;
  if (outcome === "busy") return putOff(draft, detail);
  if (outcome !== "refused" && healing.remedy === "restart") noteRestart(healing, at);
  if (outcome === "done") {
    const graceMs = graceFor(record, healing.remedy, rules);
    healing.phase = "verifying";
    healing.until = at + graceMs;
    const name = nameOf(record, healing.remedy ?? "restart");
    log(draft, { kind: "acted", text: `${name} done: ${detail}; the checks have ${formatDuration(graceMs)} to pass` });
    return;
  }
  failedStep(draft, outcome, detail, rules);
}

/** A process that died again is certain: the checks are not waited for. What was cleared only has started no process. */
export function onGone(draft: Draft, { action, detail }: On<"gone">, rules: Rules) {
  const { healing } = draft.record;
  if (healing.phase !== "verifying" || healing.action !== action) return;
  if (healing.remedy !== null && isRelief(healing.remedy)) return;
  // A dead process holds nothing that would have to settle before the next one.
  healing.lastRestartAt = null;
  failedStep(draft, "failed", `the process is gone again: ${detail}`, rules);
}

/** The action could not begin: it is chosen anew once the way is free, and counts for nothing. */
function putOff(draft: Draft, reason: string) {
  const { healing } = draft.record;
  concludeAction(draft, "skipped", reason);
  if (healing.remedy === "redeploy") healing.redeployed = false;
  veto(draft, { rule: "deploying", kind: "wait", reason });
}

/** The action did not help: on to the next rung, and a person is called the moment no restart is left. */
function failedStep(draft: Draft, outcome: "failed" | "refused", detail: string, rules: Rules) {
  const { record } = draft;
  const { healing } = record;
  concludeAction(draft, outcome, detail);
  healing.failed = true;
  healing.reason = `${nameOf(record, healing.remedy ?? "restart")} ${outcome === "refused" ? "was refused" : "did not help"}: ${detail}`;
  log(draft, { kind: "failed", text: healing.reason, data: { remedy: healing.remedy } });
  const ladder = ladderOf(record, rules);
  healing.step = outcome === "refused" ? ladder.lastIndexOf("restart") + 1 : healing.step + 1;
  if (healing.remedy === "restart" && !ladder.includes("restart", healing.step)) escalate(draft, healing.reason);
  look(draft);
}

/** Time passes: deadlines of the phase, and people who acknowledged but did not mend it. */
export function onHealingTick(draft: Draft, rules: Rules) {
  const { record, at } = draft;
  const { healing } = record;
  if (healing.phase === "done") return remind(draft);
  if (healing.until === null || at < healing.until) return;
  if (healing.phase === "evidence") return onEvidence(draft, { work: healing.pending ?? 0, evidence: nothingFound() });
  if (healing.phase === "choosing" || healing.phase === "waiting") return look(draft);
  if (healing.phase === "proposed") {
    healing.failed = true;
    return giveUp(draft, "the proposed plan was not approved within 30 min");
  }
  // While the checks know nothing the action has neither helped nor failed.
  if (healing.phase === "verifying" && failing(record).length > 0)
    failedStep(
      draft,
      "failed",
      `the checks did not pass within ${formatDuration(graceFor(record, healing.remedy, rules))}`,
      rules,
    );
}

function nothingFound() {
  return {
    logs: [],
    metrics: {},
    changes: [],
    missing: [`everything: no answer within ${formatDuration(EVIDENCE_MS)}`],
  };
}

/** The service is well again: the action under way worked, and a later failure goes on with the next rung. A redeploy has to hold for a while first. */
export function onRecovered(draft: Draft) {
  const { record } = draft;
  const { healing } = record;
  const acted = healing.phase === "acting" || healing.phase === "verifying";
  if (healing.phase === "acting" && healing.remedy === "restart") noteRestart(healing, draft.at);
  healing.worked = acted ? nameOf(record, healing.remedy ?? "restart") : null;
  if (acted && healing.remedy === "redeploy") {
    rest(healing);
    healing.phase = "proving";
    return;
  }
  if (acted) healing.step += 1;
  concludeAction(draft, acted ? "succeeded" : "skipped", acted ? "the checks pass again" : "it recovered before");
  rest(healing);
}

/** There is no check any more that could say whether an action helped. */
export function onEnded(draft: Draft, reason: string) {
  concludeAction(draft, "skipped", reason);
  rest(draft.record.healing);
}

function rest(healing: Healing) {
  healing.phase = "idle";
  healing.pending = null;
  healing.vetoedSince = null;
}

/** The daemon starts again. Work that was lost is begun anew; an action that may have touched the service counts and is verified. */
export function onHealingResume(draft: Draft, { begun }: On<"resume">, rules: Rules) {
  const { record, at } = draft;
  const { healing } = record;
  healing.pending = null;
  if (healing.phase === "evidence") return collectEvidence(draft);
  if (healing.phase === "choosing") return look(draft);
  if (healing.phase === "acting" && !begun) {
    concludeAction(draft, "skipped", "the daemon stopped before it began");
    return look(draft);
  }
  if (healing.phase !== "acting" && healing.phase !== "verifying") return;
  if (healing.phase === "acting") {
    if (healing.remedy === "restart") noteRestart(healing, at);
    log(draft, { kind: "acted", text: "the daemon stopped during the action; it counts as done and is verified" });
  }
  healing.phase = "verifying";
  // No check ran while the daemon was away, so the time to show recovery begins now.
  healing.until = at + graceFor(record, healing.remedy, rules);
}
