import { ExternalError } from "../../core/errors.ts";
import { setState } from "../../store/rollouts.ts";
import { settingsOf } from "../analysis/settings.ts";
import { afterStep, type Verdict } from "../analysis/verdict.ts";
import { changingServices, type Run, type Step, strategyOf } from "../run.ts";
import { judgesOf } from "./judges.ts";
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
async function endOf(run: Run, key: string, ms: number): Promise<number> {
  const noted = run.journal.outcome(key)?.until;
  const until = typeof noted === "number" ? noted : run.dependencies.clock.now() + ms;
  await run.journal.note(key, "ANALYZING", null, { until });
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
  const { onInconclusive } = settingsOf(run.plan);
  const follow = async (extended: boolean) => {
    const found = await verdicts(run);
    // Time that cannot bring enough requests is not waited for.
    const reach = found.every(({ name, requests, least }) => 2 * requests - (before.get(name) ?? 0) >= least);
    const verdict = found.every(({ kind }) => kind === "PASS") ? "PASS" : "INCONCLUSIVE";
    return run.promoted() ? "go on" : afterStep({ verdict, extended, reach, onInconclusive });
  };
  const extension = `extended:${shifts}`;
  let next = run.journal.outcome(extension) ? "extend" : await follow(false);
  if (next === "extend") {
    const until = await endOf(run, extension, run.plan.strategy.everyMs);
    if ((await watchCandidate(run, { until, step: index })) === "lapsed") return "lapsed";
    next = await follow(true);
  }
  if (next === "hold" && (await hold(run, { shifts, index })) === "lapsed") return "lapsed";
  if (next === "roll back") throw inconclusive(run, await verdicts(run));
  await run.journal.note(`judged:${shifts}`, "ANALYZING", null, await judgement(run));
  return "over";
}

/** Until a person decides, or enough requests came all the same. */
async function hold(run: Run, { shifts, index }: Pick<StepEnd, "shifts" | "index">): Promise<"over" | "lapsed"> {
  const { store, onChange } = run.dependencies;
  const judges = await judgesOf(run);
  const names = judged(run);
  const explain = async (reason: string) => {
    await setState(store.db, run.lease, run.row.id, { state: "ANALYZING", reason });
    onChange(run.row.id);
  };
  const { message, next } = inconclusive(run, await verdicts(run));
  await explain(`waits for a person: ${message}; ${next}`);
  await run.journal.note(`held:${shifts}`, "ANALYZING", null, { why: message, next });
  const enough = () => names.every((name) => judges.get(name)?.verdict().kind === "PASS");
  const ended = await watchCandidate(run, { until: Number.POSITIVE_INFINITY, enough, step: index });
  await explain(run.promoted() ? "promoted by a person" : "enough requests came to tell");
  return ended;
}

function inconclusive({ row }: Run, found: readonly Found[]): ExternalError {
  const open = found.filter(({ kind }) => kind === "INCONCLUSIVE");
  const counts = open.map(({ name, requests, least }) =>
    Number.isFinite(least)
      ? `${name}: ${requests} of the ${least} requests it takes to tell`
      : `${name}: ${requests} requests, and the old release fails too often to tell`,
  );
  return new ExternalError({
    code: "SM-CANARY-INCONCLUSIVE",
    message: counts.join(", "),
    next: `decide with stationmaster promote ${row.id} or stationmaster abort ${row.id}`,
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

/** What the judges say at an end, for the journal. */
export async function judgement(run: Run): Promise<Record<string, unknown>> {
  const judges = [...(await judgesOf(run))];
  return Object.fromEntries(
    judges.map(([name, judge]) => {
      const { counts, verdict, timed } = judge;
      const { candidate, baseline } = counts();
      const latency = timed() ? {} : { latency: "not judged: the data plane does not tell how long requests take" };
      return [name, { verdict: verdict().kind, candidate, baseline, ...latency }];
    }),
  );
}
