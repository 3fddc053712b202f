import { ExternalError } from "../../core/errors.ts";
import { setState } from "../../store/rollouts.ts";
import { explain, inShort } from "../analysis/inconclusive.ts";
import type { Judge } from "../analysis/judge.ts";
import { settingsOf } from "../analysis/settings.ts";
import { afterStep, type Verdict } from "../analysis/verdict.ts";
import type { SideCounts } from "../guards.ts";
import { changingServices, type Run, type Step, strategyOf } from "../run.ts";
import { judgesOf } from "./judges.ts";
import { withOwnRequests } from "./own-requests.ts";
import { watchCandidate } from "./watch.ts";

/** How often a state was completed; counted in the journal, so it survives a crash. */
export function count(run: Run, what: "shifted" | "analyzed"): number {
  return run.journal.keys().filter((key) => key.startsWith(`${what}:`)).length;
}

function lastIndex(run: Run): number {
  return Math.max(0, ...run.plan.services.map(({ steps }) => steps.length - 1));
}

/**
 * ANALYZING(i): guards and judge watch the candidate at this share; the last share goes on into the bake. A grant that ended by
 * itself meanwhile takes the step back: time in which no user had the candidate proves nothing.
 */
export const analyze: Step = async (run) => {
  const shifts = count(run, "shifted");
  const index = Number(run.journal.outcome(`shifted:${shifts - 1}`)?.index);
  if (index >= lastIndex(run)) return "PROMOTED";
  const canary = run.plan.strategy.kind === "canary";
  const until = await endOf(run, `analyze:${shifts}`, canary ? run.plan.strategy.everyMs : 0);
  const before = new Map((await verdicts(run)).map(({ name, requests }) => [name, requests]));
  if ((await watchCandidate(run, { until, step: index })) === "lapsed") return "SHIFTING";
  if (canary && (await conclude(run, { shifts, index, before })) === "lapsed") return "SHIFTING";
  await run.journal.note(`analyzed:${index}`, "ANALYZING", null, { index });
  return "SHIFTING";
};

/** The wall-clock end of a wait that begins now; after a crash the one that was noted. */
async function endOf(run: Run, key: string, ms: number, more: Record<string, unknown> = {}): Promise<number> {
  const noted = run.journal.outcome(key)?.until;
  const until = typeof noted === "number" ? noted : run.dependencies.clock.now() + ms;
  await run.journal.note(key, "ANALYZING", null, { until, ...more });
  return until;
}

interface StepEnd {
  shifts: number;
  index: number;
  /** Requests that the judges had counted when the step began, by service. */
  before: ReadonlyMap<string, number>;
}

/** The time of a step is over. Too few requests to tell: the same time once more, then what the manifest says. */
async function conclude(run: Run, { shifts, index, before }: StepEnd): Promise<"over" | "lapsed"> {
  const { onInconclusive, requests } = settingsOf(run.plan);
  const judges = await judgesOf(run);
  const asks = judged(run).some((name) => requests[name]);
  const follow = async (extended: boolean) => {
    const found = await verdicts(run);
    // Time that cannot bring enough requests is not waited for; our own show a release that answers nothing but its health check.
    const lost = found.some((verdict) => verdict.lost);
    const reach =
      !lost && (asks || found.every(({ name, requests, least }) => 2 * requests - (before.get(name) ?? 0) >= least));
    const verdict = found.every(({ kind }) => kind === "PASS") ? "PASS" : "INCONCLUSIVE";
    return run.promoted() ? "go on" : afterStep({ verdict, extended, reach, onInconclusive });
  };
  const extension = `extended:${shifts}`;
  let next = run.journal.outcome(extension) ? "extend" : await follow(false);
  if (next === "extend") {
    const until = await endOf(run, extension, run.plan.strategy.everyMs, asks ? { requests } : {});
    const enough = () => hasEnough(run, judges);
    const watch = () => watchCandidate(run, { until, enough, step: index });
    if ((asks ? await withOwnRequests(run, watch) : await watch()) === "lapsed") return "lapsed";
    next = await follow(true);
  }
  if (next === "hold" && (await hold(run, { shifts, index })) === "lapsed") return "lapsed";
  if (next === "roll back") throw inconclusive(run, await verdicts(run));
  await run.journal.note(`judged:${shifts}`, "ANALYZING", null, await judgement(run));
  return "over";
}

/** Until a person decides, or enough requests came all the same; at the end of that time it goes back. */
async function hold(run: Run, { shifts, index }: Pick<StepEnd, "shifts" | "index">): Promise<"over" | "lapsed"> {
  const { store, onChange, clock } = run.dependencies;
  const { id } = run.row;
  const judges = await judgesOf(run);
  const tell = async (reason: string) => {
    await setState(store.db, run.lease, id, { state: "ANALYZING", reason });
    onChange(id);
  };
  const { message: why, next: todo } = inconclusive(run, await verdicts(run));
  const until = heldUntil(run, index) ?? clock.now() + settingsOf(run.plan).waitMs;
  const latest = new Date(until).toISOString();
  const next = `decide with stationmaster promote ${id} or stationmaster abort ${id} until ${latest}, else it goes back; ${todo}`;
  await tell(`waits for a person: ${why}; ${next}`);
  await run.journal.note(`held:${shifts}`, "ANALYZING", null, { why, next, index, until });
  const enough = () => hasEnough(run, judges);
  if ((await watchCandidate(run, { until, enough, step: index })) === "lapsed") return "lapsed";
  if (run.promoted()) return "over";
  if (!enough()) throw inconclusive(run, await verdicts(run), `nobody decided until ${latest}`);
  await tell("enough requests came to tell");
  return "over";
}

/** The end that was noted when the step first waited for a person: to begin the step anew does not begin the wait anew. */
function heldUntil({ journal }: Run, index: number): number | undefined {
  const held = journal.keys().filter((key) => key.startsWith("held:"));
  const until = held.map((key) => journal.outcome(key)).find((payload) => payload?.index === index)?.until;
  return typeof until === "number" ? until : undefined;
}

function hasEnough(run: Run, judges: ReadonlyMap<string, Judge>): boolean {
  return judged(run).every((name) => judges.get(name)?.verdict().kind === "PASS");
}

function inconclusive(run: Run, found: readonly Found[], how?: string): ExternalError {
  const { requests } = settingsOf(run.plan);
  const open = found.filter(({ kind }) => kind === "INCONCLUSIVE");
  const parts = open.map((verdict) => explain(verdict.name, verdict, requests[verdict.name] !== undefined));
  return new ExternalError({
    code: "SM-CANARY-INCONCLUSIVE",
    message: [...parts.map(({ why }) => why), ...(how ? [how] : [])].join(", "),
    next: [...new Set(parts.map(({ todo }) => todo))].join("; "),
  });
}

type Found = Exclude<Verdict, { kind: "FAIL" }> & { name: string };

/** Services whose candidate is compared with an old release beside it. */
function judged(run: Run): string[] {
  const { services } = run.plan;
  return changingServices(run)
    .filter(({ name, service }) => service.kind === "http" && strategyOf(run, name) === "canary")
    .map(({ name }) => name)
    .filter((name) => services.find(({ service }) => service === name)?.fromRelease);
}

async function verdicts(run: Run): Promise<Found[]> {
  const judges = await judgesOf(run);
  return judged(run).flatMap((name) => {
    const verdict = judges.get(name)?.verdict();
    // Each look throws a FAIL already.
    return verdict && verdict.kind !== "FAIL" ? [{ name, ...verdict }] : [];
  });
}

const NOT_JUDGED = {
  told: undefined,
  lost: "not judged to the end: the data plane ceased to tell how long requests take",
  unknown: "not judged: the data plane does not tell how long requests take",
};

/** What the judges say at an end, for the journal. */
export async function judgement(run: Run): Promise<Record<string, unknown>> {
  const judges = [...(await judgesOf(run))];
  return Object.fromEntries(
    judges.map(([name, judge]) => {
      const { counts, times } = judge;
      const { candidate, baseline } = counts();
      const tally = ({ requests, bad }: SideCounts) => ({ requests, bad });
      const latency = NOT_JUDGED[times()];
      const verdict = judge.verdict();
      const own = verdict.kind !== "FAIL" && verdict.own > 0 ? { own: verdict.own } : {};
      const why = verdict.kind === "INCONCLUSIVE" ? { why: inShort(verdict) } : {};
      const sides = { candidate: tally(candidate), baseline: tally(baseline) };
      return [name, { verdict: verdict.kind, ...why, ...sides, ...own, ...(latency ? { latency } : {}) }];
    }),
  );
}
