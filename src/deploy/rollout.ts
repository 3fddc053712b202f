import {
  FINAL_STATES,
  type RolloutFailure,
  type RolloutState,
  type StrategyKind,
  UNSEEN_STATES,
} from "../contract/rollout.ts";
import { UserError } from "../core/errors.ts";
import { LEASE_MS } from "../store/leases.ts";
import { SUPERSEDED, setState } from "../store/rollouts.ts";
import { isDataException } from "../store/sql-state.ts";
import { updateUnit } from "../store/units.ts";
import { bareFailure, describeFailure } from "./failure.ts";
import { changingServices, context, type Run, type Step, sides, targetOf } from "./run.ts";
import { analyze } from "./steps/analyze.ts";
import { expand } from "./steps/expand.ts";
import { prepare } from "./steps/prepare.ts";
import { bake, drain, promote } from "./steps/settle.ts";
import { shift } from "./steps/shift.ts";
import { start, verify } from "./steps/start.ts";
import { isServing, shareIn } from "./steps/traffic.ts";
import { clean, rollBack } from "./steps/undo.ts";

const to =
  (next: RolloutState): Step =>
  async () =>
    next;

/** The story of a rollout: the work of each state, and where it leads. */
const STEPS: Partial<Record<RolloutState, Step>> = {
  PLANNED: to("LEASED"),
  LEASED: to("PREPARED"),
  PREPARED: prepare,
  EXPANDED: expand,
  STARTED: start,
  VERIFIED: verify,
  SHIFTING: shift,
  ANALYZING: analyze,
  PROMOTED: promote,
  BAKING: bake,
  DRAINED: drain,
  CLEANING: async (run) => {
    const end = await clean(run);
    return run.row.failure?.code === SUPERSEDED ? "SUPERSEDED" : end;
  },
  ROLLING_BACK: rollBack,
};

const UNSEEN: readonly RolloutState[] = UNSEEN_STATES;
const UNDOABLE: readonly RolloutState[] = ["SHIFTING", "ANALYZING", "PROMOTED", "BAKING"];
const ABORTABLE: readonly RolloutState[] = [...UNSEEN, ...UNDOABLE];

/** From the first share on a host may be lost, as far as the plan has a quorum. */
const GOING_ON: readonly RolloutState[] = [...UNDOABLE, "DRAINED"];

const ABORTED = "SM-ROLLOUT-ABORTED";
/** A person has to look at the database before anything goes on. */
const HALF_MIGRATED = "SM-MIGRATION-HALF";

/** Where a failure in a state leads. After DRAINED began there is no warm release to go back to. */
export function afterFailure(state: RolloutState, code?: string): RolloutState {
  if (code === HALF_MIGRATED) return "STUCK";
  if (UNSEEN.includes(state)) return "CLEANING";
  return UNDOABLE.includes(state) ? "ROLLING_BACK" : "STUCK";
}

/**
 * Where to go on after a crash, by the state and what the route really does (`share` of the candidate, percent). `recreate` may
 * have stopped the old release already, so its shift is taken up where it was and a failure of it brings the old one back.
 */
export function resumeState(
  state: RolloutState,
  { strategy, share, awayMs, everyMs }: { strategy: StrategyKind; share: number; awayMs: number; everyMs: number },
): RolloutState {
  if (state !== "SHIFTING" && state !== "ANALYZING") return state;
  if (strategy === "recreate") return state;
  if (share === 0) return "VERIFIED";
  return awayMs > Math.max(2 * everyMs, 2 * LEASE_MS) ? "ROLLING_BACK" : state;
}

/** Drives a rollout to a final state; rejects when `leaseSignal` aborts or the store is away, and then the journal says where to go on. */
export async function drive(run: Run, leaseSignal: AbortSignal): Promise<RolloutState> {
  let state = run.row.state;
  while (!FINAL_STATES.includes(state)) {
    const step = STEPS[state];
    if (!step) throw new Error(`no step for the state ${state}`);
    // What undoes or completes a rollout is not stopped by the wish that stopped it: half of it would be worse than either end.
    const current = {
      ...run,
      ...(ABORTABLE.includes(state) ? {} : { signal: leaseSignal }),
      quorum: GOING_ON.includes(state) ? run.plan.quorum : undefined,
    };
    try {
      current.signal.throwIfAborted();
      state = await enter(current, await step(current));
    } catch (error) {
      leaseSignal.throwIfAborted();
      const failure = await describeFailure(current, error);
      const next = afterFailure(state, failure.code);
      if (next === "STUCK") await freeze(current).catch(() => {});
      if (failure.code === ABORTED) await run.journal.note("aborted", state, null, { why: failure.message });
      state = await fail(current, next, failure);
    }
  }
  return state;
}

/** A failure that the database refuses must not keep its rollout where it is: whoever goes on with it would begin anew for ever. */
async function fail(run: Run, state: RolloutState, failure: RolloutFailure): Promise<RolloutState> {
  const because = (why: RolloutFailure) => enter(run, state, { reason: `${why.code}: ${why.message}`, failure: why });
  return await because(failure).catch(async (error: unknown) => {
    if (!isDataException(error)) throw error;
    return await because(bareFailure(failure));
  });
}

async function enter(
  run: Run,
  state: RolloutState,
  why: { reason?: string; failure?: RolloutFailure } = {},
): Promise<RolloutState> {
  await setState(run.dependencies.store.db, run.lease, run.row.id, {
    state,
    ...why,
    finished: FINAL_STATES.includes(state),
  });
  run.row.state = state;
  run.row.failure = why.failure ?? run.row.failure;
  run.dependencies.onChange(run.row.id);
  run.dependencies.boundary?.(`state ${state}`);
  return state;
}

/** Users stay where they are, with no grant that ends: units of the candidate that serve them are from now on what the next rollout replaces. */
async function freeze(run: Run): Promise<void> {
  const { traffic } = run.dependencies.platform;
  for (const { name } of changingServices(run)) {
    const view = await traffic?.read(targetOf(run, name), context(run));
    if (view && view.until !== null && view.share > 0) {
      const { stable, candidate, share, hold } = view;
      await traffic?.apply(
        targetOf(run, name),
        { stable, candidate, share, hold, until: null, key: run.plan.strategy.key },
        context(run),
      );
    }
    for (const unit of (await sides(run, name)).candidate)
      if (isServing(view, unit.id)) await updateUnit(run.dependencies.store.db, unit.id, { role: "stable" });
  }
}

/** The share of requests the candidate really has, over all services. */
export async function observedShare(run: Run): Promise<number> {
  const views = await Promise.all(
    changingServices(run).map(({ name }) => run.dependencies.platform.traffic?.read(targetOf(run, name), context(run))),
  );
  return shareIn(views.filter((view) => view !== undefined));
}

/** `by`: who asked for it (`cli:ada`). */
export function aborted(by: string): UserError {
  return new UserError({ code: ABORTED, message: `aborted by ${by}`, next: "deploy again when ready" });
}
