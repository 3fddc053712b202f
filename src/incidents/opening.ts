import type { Severity } from "../contract/incident.ts";
import { leadingSymptom, symptomOn } from "./classes.ts";
import { type Draft, decided, draftOf, freshHealing, log, raise, tell } from "./draft.ts";
import { collectEvidence } from "./healing.ts";
import { allUp, failing, failingHosts, memberOf } from "./members.ts";
import type { Situation } from "./outlook.ts";
import { severityOf } from "./severity.ts";
import type { Hold } from "./silences/silence.ts";
import { hasOutgrown, holdBack, holdersOf } from "./suppress.ts";
import type { Decision, IncidentRecord, LifecycleEvent, Member } from "./types.ts";

type On<T extends LifecycleEvent["type"]> = Extract<LifecycleEvent, { type: T }>;
type Verdict = On<"verdict">;

/** So many incidents of a key within 7 days, and it keeps coming back. */
const RECURRING = 3;

/** The same trouble so many times is said to keep coming back. */
const KEEPS_COMING = 3;

/** What an incident has at its beginning whoever begins it. */
function blank(at: number) {
  return {
    ...{ state: "suspect" as const, occurrence: 1, events: 0, recurring: false, needs: [] },
    ...{ escalated: false, frozen: false, acknowledged: null, flapping: null, suppressed: null, storm: null },
    ...{ judged: null, reportedBy: null, evidence: null, members: {}, healing: freshHealing() },
    ...{ detectedAt: at, openedAt: at, acknowledgedAt: null, mitigatedAt: null, resolvedAt: null, closedAt: null },
  };
}

/** The first word of a failure: a suspicion, or at once an incident. */
export function begin(event: Verdict): Decision {
  const { verdict, at, id, key, previous, recent = 0, needs = [] } = event;
  const { environment, service, component, onset } = verdict;
  const family = verdict.family ?? "none";
  const member = memberOf(verdict, family);
  if (member.verdict === "UP" || member.verdict === "UNKNOWN") return { state: null, effects: [] };
  const record: IncidentRecord = {
    ...blank(at),
    ...{ id, key, environment, service, component, family, previous, onset, failingSince: onset },
    ...{
      severity: "SEV3",
      symptom: leadingSymptom([member], verdict),
      recurring: recent + 1 >= RECURRING,
      needs: [...needs],
    },
    members: { [verdict.checkId]: member },
  };
  return confirm(draftOf(record, at), event);
}

/**
 * A suspicion becomes an incident, or nothing. While something it needs fails, or a silence holds, it stays one; as part of another
 * incident it opens without a word.
 */
export function confirm(
  draft: Draft,
  { situation, holds = [], storm = null }: Pick<Verdict, "situation" | "holds" | "storm">,
): Decision {
  const { record, at } = draft;
  if (failing(record).length === 0)
    return allUp(record) ? { state: null, effects: [{ type: "drop" }] } : decided(draft);
  record.severity = severityAnew(record, situation, at);
  const by = holdersOf(record, holds);
  if (by.length > 0) holdBack(draft, by, false);
  else if (record.suppressed === null) {
    if (storm) holdBack(draft, [storm.head], false);
    open(draft, situation, storm ? `part of ${storm.head}: ${storm.cause}` : null);
  }
  return decided(draft);
}

/** Of what nobody heard of yet: what it was while it was kept quiet adds nothing. */
function severityAnew(record: IncidentRecord, situation: Situation | null, at: number): Severity {
  return severityOf({ ...record, severity: "SEV3" }, situation, at);
}

/** `note`: what is to be remembered of how it came to open. */
function open(draft: Draft, situation: Situation | null, note: string | null) {
  const { record, at } = draft;
  record.state = "open";
  record.openedAt = at;
  record.detectedAt = at;
  record.failingSince = record.onset;
  record.symptom = leadingSymptom(failing(record), record);
  record.severity = severityAnew(record, situation, at);
  record.healing = freshHealing(record.healing);
  draft.effects.push({ type: "grant" });
  tellOpened(draft, headlineOf(record));
  if (note !== null) log(draft, { kind: "note", text: note });
  collectEvidence(draft);
}

function tellOpened(draft: Draft, text: string) {
  const { severity, members, previous, recurring } = draft.record;
  const often = recurring ? `, again within 7 days (before: ${previous})` : "";
  tell(draft, "opened", {
    kind: "opened",
    text: text + often,
    data: { severity, checks: Object.keys(members), previous },
  });
}

/** What kept it quiet is over, or no longer about it, and it still fails: it opens, or people hear what they missed. */
export function setFree(draft: Draft, holds: readonly Hold[]) {
  const { record } = draft;
  const { suppressed } = record;
  if (suppressed === null) return;
  const outgrown = hasOutgrown(record, holds);
  record.suppressed = null;
  const held = `held back by ${suppressed.by.join(", ")}`;
  if (record.state === "suspect") return open(draft, null, held);
  log(draft, { kind: "note", text: held });
  // Who reads that it fails, and that nothing is tried any more, is called by it.
  const isLeft = record.healing.phase === "done" && record.severity !== "SEV3";
  if (!suppressed.told) tellOpened(draft, headlineOf(record));
  else if (outgrown)
    tell(draft, "severity", { kind: "note", text: `${record.severity}, no longer kept quiet: ${headlineOf(record)}` });
  else if (suppressed.missed) tell(draft, "update", { kind: "note", text: `still failing: ${headlineOf(record)}` });
  if (!suppressed.told || outgrown) record.escalated ||= isLeft;
}

/** `web process gone on h2` */
export function headlineOf(record: IncidentRecord): string {
  return `${record.service ?? record.component} ${symptomOn(record.symptom, failingHosts(record))}`;
}

/** The same trouble again. The restarts of the hour stay used; a person is called anew. */
export function reopen(draft: Draft, { verdict, situation, at }: Verdict, member: Member): Decision {
  const { record } = draft;
  Object.assign(record, {
    ...{ members: { [verdict.checkId]: member }, state: "open", occurrence: record.occurrence + 1 },
    ...{ onset: verdict.onset, failingSince: verdict.onset, detectedAt: at, mitigatedAt: null, resolvedAt: null },
    ...{ escalated: false, acknowledged: null, acknowledgedAt: null, judged: null, storm: null, suppressed: null },
    healing: freshHealing(record.healing),
    symptom: leadingSymptom([member], verdict),
  } satisfies Partial<IncidentRecord>);
  const often = record.occurrence >= KEEPS_COMING ? ", it keeps coming back" : "";
  tellAgain(draft, { kind: "reopened", text: `again (${record.occurrence}${often}): ${headlineOf(record)}` });
  raise(draft, severityOf(record, situation, at), "worse than before");
  collectEvidence(draft);
  return decided(draft);
}

const RESTARTS_FOR_MS = 60 * 60_000;

/** Says that it fails again. Where the limit leaves no restart, the call for a person follows as soon as that is found, and is the only one. */
export function tellAgain(draft: Draft, entry: { kind: string; text: string; data?: Record<string, unknown> }) {
  const { record, at } = draft;
  const [first = Number.NaN, second = Number.NaN] = record.healing.restarts ?? [];
  const isSpent = second - first < RESTARTS_FOR_MS && at - second < RESTARTS_FOR_MS;
  tell(draft, "reopened", entry, isSpent && !record.escalated);
}

/** A person opens one by hand; no check says when it is over, so a person ends it too. */
export function report(event: On<"report">): Decision {
  const { type: _, at, actor, ...said } = event;
  const record: IncidentRecord = {
    ...blank(at),
    ...said,
    ...{ state: "open", family: "none", onset: at, failingSince: at, reportedBy: actor },
  };
  const draft = draftOf(record, at);
  tell(draft, "opened", {
    kind: "opened",
    text: `${headlineOf(record)} (reported by ${actor})`,
    actor,
    data: { severity: record.severity, previous: record.previous },
  });
  return decided(draft);
}
