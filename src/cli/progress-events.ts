import colors from "picocolors";
import { type Effect, effectsOf, placesIn } from "../contract/effects.ts";
import { FEW_HOSTS, names } from "../contract/host-standing.ts";
import { evidenceText, noteOf, openQuestion } from "../contract/judgement.ts";
import { FINAL_STATES, type JournalEntry, type Rollout, type RolloutState } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { failedStep, kindOf, nameOf } from "./open-steps.ts";
import { state as coloured } from "./output.ts";

/** How far apart two lines about one metric are, unless it decides; ms. */
const JUDGE_EVERY_MS = 30_000;

export interface ProgressEvent {
  /** The same each time the journal is read. */
  id: string;
  line: string;
  /** The judge's figures, which a terminal has in its living lines. */
  figures?: boolean;
}

/** Its place among the others: the number of the record it comes from. */
type Placed = ProgressEvent & { seq: number };

/**
 * What a rollout has to tell so far, in its order: the states with the time the one before took, each finished effect with the
 * hosts it was on (of many hosts one line for all), what the judge says, and what waits for a person.
 */
export function eventsOf(rollout: Rollout): ProgressEvent[] {
  const events = [...stateEvents(rollout), ...effectEvents(rollout), ...judgeEvents(rollout.journal)];
  return [...events.sort((a, b) => a.seq - b.seq), ...lastEvents(rollout)];
}

interface Span {
  step: RolloutState;
  seq: number;
  from: string;
  to: string;
}

function stateEvents({ journal }: Rollout): Placed[] {
  return spansOf(journal).map((span, index, all) => stateEvent(span, index, all[index - 1]));
}

/** The states that the journal has records of, from the first record of each to that of the next, or the last there is. */
function spansOf(journal: readonly JournalEntry[]): Span[] {
  const spans: Span[] = [];
  for (const { step, seq, at } of journal) {
    const last = spans.at(-1);
    if (last) last.to = at;
    if (last?.step !== step) spans.push({ step, seq, from: at, to: at });
  }
  return spans;
}

function stateEvent({ step, seq }: Pick<Span, "step" | "seq">, index: number, before: Span | undefined): Placed {
  const took = before ? Date.parse(before.to) - Date.parse(before.from) : 0;
  const rest = before && took > 0 ? colors.dim(` (${before.step} took ${formatDuration(took)})`) : "";
  return { id: `state ${index} ${step}`, seq: seq - 0.5, line: `${colors.dim("→")} ${coloured(step)}${rest}` };
}

/** What is told after everything in the journal. */
function lastEvents(rollout: Rollout): ProgressEvent[] {
  const { journal, state, id } = rollout;
  const failed = FINAL_STATES.includes(state) ? failedStep(rollout) : undefined;
  const question = openQuestion(rollout);
  const spans = spansOf(journal);
  const last = spans.at(-1);
  // What fails writes nothing down at its end, so how long it took is not known yet.
  const failing = state === "ROLLING_BACK" || state === "CLEANING";
  return [
    ...(failed ? [{ id: "failed", line: `  ${colors.red("✗")} ${nameOf(failed)}` }] : []),
    ...(last?.step === state ? [] : [stateEvent({ step: state, seq: 0 }, spans.length, failing ? undefined : last)]),
    ...(question
      ? [
          {
            // Once for each wait.
            id: `question ${journal.filter(({ key }) => key.startsWith("held:")).length}`,
            line: `  ${colors.yellow("a person decides")}: stationmaster promote ${id}, or stationmaster abort ${id}; it goes on by itself when enough requests have come`,
          },
        ]
      : []),
  ];
}

function effectEvents({ journal, plan, state }: Rollout): Placed[] {
  const effects = effectsOf(journal);
  const acts = effects.filter(({ begunAt }) => begunAt !== null);
  const hosts = plan.hosts ?? [];
  const { of, named } = placesIn(effects, hosts);
  const gathers = (effect: Effect) => hosts.length > FEW_HOSTS && !effect.failed && of(effect)?.length === 1;
  const single = acts.filter((effect) => effect.endedAt !== null && !gathers(effect));
  const groups = [...Map.groupBy(acts.filter(gathers), (effect) => `${effect.step} ${kindOf(effect)}`).values()];
  const newest = effects.at(-1)?.seq ?? 0;
  const isOver = (group: readonly Effect[]) =>
    group.every(({ endedAt }) => endedAt !== null) && (newest > (group.at(-1)?.seq ?? 0) || state !== group[0]?.step);
  return [
    ...single.map((effect) => {
      const culprits = effect.failed ? named(String(effect.payload.message)) : undefined;
      return effectEvent([effect], `${where(culprits ?? of(effect), hosts)}${nameOf(effect)}`);
    }),
    ...groups.filter(isOver).map((group) => {
      const there = new Set(group.flatMap((effect) => of(effect) ?? []));
      return effectEvent(group, `${there.size} of ${hosts.length} hosts: ${kindOf(group[0] as Effect)}`);
    }),
  ];
}

/** `web2: `, `all hosts: `; nothing where there is one place. */
function where(places: readonly string[] | undefined, hosts: readonly string[]): string {
  if (hosts.length < 2) return places ? `${names(places)}: ` : "";
  return !places || places.length === hosts.length ? "all hosts: " : `${names(places)}: `;
}

function effectEvent(effects: readonly Effect[], what: string): Placed {
  const last = effects.at(-1) as Effect;
  const begun = Math.min(...effects.map(({ begunAt }) => Date.parse(begunAt ?? "")));
  const ended = Math.max(...effects.map(({ endedAt }) => Date.parse(endedAt ?? "")));
  const skipped = last.payload.skipped === true;
  const mark = last.failed ? colors.red("✗") : skipped ? colors.yellow("–") : colors.green("✓");
  const detail = last.failed ? ` ${last.payload.message}` : skipped ? ` skipped: ${last.payload.evidence}` : "";
  const line = `  ${mark} ${what} ${colors.dim(formatDuration(ended - begun))}${detail}`;
  return { id: `${last.key} ${effects.length}`, seq: last.seq, line };
}

/** What the judge noted: figures not more often than one can read, what it found at the end of a step always. */
function judgeEvents(journal: readonly JournalEntry[]): Placed[] {
  const toldAt = new Map<string, number>();
  return journal.flatMap((entry): Placed[] => {
    const { key, seq, target } = entry;
    if (key === "promoted") return [{ id: key, seq, line: `  promoted by ${entry.payload.by}` }];
    const found = findingOf(entry);
    if (found) return [{ id: key, seq, line: `  judge: ${found}` }];
    const note = noteOf(entry);
    if (!note) return [];
    const { metric, evidence, needed, at } = note;
    const name = `${target} ${metric}`;
    if (evidence < needed && at - (toldAt.get(name) ?? Number.NEGATIVE_INFINITY) < JUDGE_EVERY_MS) return [];
    toldAt.set(name, at);
    const line = `  judge: ${name}, e-value ${evidenceText(evidence)} (fails at ${evidenceText(needed)})`;
    return [{ id: key, seq, line, figures: evidence < needed }];
  });
}

function findingOf({ key, payload }: JournalEntry): string | undefined {
  if (key.startsWith("held:")) return `cannot tell, ${payload.why}`;
  if (key.startsWith("extended:"))
    return `too few requests to tell, the same time once more${payload.requests ? ", with requests of our own" : ""}`;
  if (!key.startsWith("judged:")) return undefined;
  const verdicts = Object.entries(payload as Record<string, { verdict?: unknown; why?: unknown }>);
  const texts = verdicts.map(([service, { verdict, why }]) => `${service} ${verdict}${why ? ` (${why})` : ""}`);
  return texts.join(", ") || undefined;
}
