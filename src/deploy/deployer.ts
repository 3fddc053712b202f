import type { RolloutPlan } from "../contract/rollout.ts";
import { FINAL_STATES } from "../contract/rollout.ts";
import { PolicyError, toKnownError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { type HeldLease, lockedBy, readLease, readLock } from "../store/leases.ts";
import { findRelease, insertRelease } from "../store/releases.ts";
import { findRollout, insertRollout, requestChange, setState, unfinishedRollouts } from "../store/rollouts.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { busy } from "./busy.ts";
import { configHash } from "./desired.ts";
import { giveBack, isDeadHolder, takeEnvironment, withLease } from "./holder.ts";
import { openJournal } from "./journal.ts";
import { isEmpty } from "./plan.ts";
import { aborted, drive, observedShare, resumeState } from "./rollout.ts";
import type { DeployDependencies, Run } from "./run.ts";
import { settleStrays } from "./strays.ts";

const REQUEST_POLL_MS = 500;
const TIDY_MS = 60_000;

export interface PlannedRollout {
  plan: RolloutPlan;
  services: Record<string, ReleasedService>;
  commit: string | null;
  actor: string;
}

/** Runs rollouts of one application; at most one an environment at a time. */
export interface Deployer {
  /** Takes the environment and stores the rollout; refused while another one runs. Nothing is done yet. */
  begin(planned: PlannedRollout): Promise<RolloutRow>;
  /** Drives a stored rollout to its end; a second call while it runs here waits for the same end. */
  run(id: string): Promise<RolloutRow>;
  /** Rollouts without an end, with nobody alive working on them: what a crash left. */
  abandoned(environment: string): Promise<RolloutRow[]>;
  promote(id: string): Promise<void>;
  abort(id: string, actor: string): Promise<void>;
  /** Undoes the rollouts that run or were begun here, as an abort does, and waits for it; from its call on none begins (`SM-DEPLOY-STOPPING`). */
  stop(): Promise<void>;
}

interface Active {
  done: Promise<RolloutRow>;
  abort: AbortController;
  promoted: boolean;
}

/** A stored rollout of the application; a `UserError` when there is none. */
export async function requireRollout(
  { store, app }: Pick<DeployDependencies, "store" | "app">,
  id: string,
): Promise<RolloutRow> {
  const row = await findRollout(store.db, id);
  if (row?.app === app) return row;
  throw new UserError({
    code: "SM-ROLLOUT-UNKNOWN",
    message: `there is no rollout ${id}`,
    next: "see stationmaster status",
  });
}

function stopped(): UserError {
  return aborted("the stop of the daemon");
}

/** The rollouts of one application in this process. */
export function createDeployer(dependencies: DeployDependencies): Deployer {
  const { store, app } = dependencies;
  const active = new Map<string, Active>();
  const beginning = new Set<Promise<unknown>>();
  const begun = new Map<string, HeldLease>();
  let stopping = false;

  async function take(env: string): Promise<HeldLease> {
    if (stopping)
      throw new PolicyError({
        code: "SM-DEPLOY-STOPPING",
        message: "no rollout begins: Stationmaster is being stopped",
        next: "start it again with stationmaster up",
      });
    const lease = await takeEnvironment(dependencies, env, "rollout");
    if (lease) return lease;
    const lock = await readLock(store.db, { app, env });
    throw lock ? lockedBy(env, lock) : await busy(dependencies, env);
  }

  async function begin({ plan, services, commit, actor }: PlannedRollout): Promise<RolloutRow> {
    const env = plan.environment;
    if (isEmpty(plan))
      throw new UserError({
        code: "SM-DEPLOY-NOTHING",
        message: `${plan.release} runs in ${env} already and nothing differs`,
        next: "change something, or give the release another name with --release",
      });
    const lease = await take(env);
    try {
      // Looked at under the lease: what is unfinished now has no living worker and wants to be finished first.
      const left = await unfinishedRollouts(store.db, { app, env });
      if (left.length > 0) throw await busy(dependencies, env);
      await insertRelease(store.db, { app, name: plan.release, commit, configHash: configHash(services), services });
      const row = await insertRollout(store.db, {
        id: newId("ro"),
        app,
        env,
        release: plan.release,
        fromRelease: plan.fromRelease,
        kind: plan.kind,
        strategy: plan.strategy.kind,
        plan,
        planHash: plan.hash,
        state: "PLANNED",
        generation: lease.generation,
        actor,
      });
      begun.set(row.id, lease);
      dependencies.onChange(row.id);
      return row;
    } catch (error) {
      await giveBack(dependencies, lease);
      throw error;
    }
  }

  async function run(id: string): Promise<RolloutRow> {
    const known = active.get(id);
    if (known) return await known.done;
    const entry: Active = { abort: new AbortController(), promoted: false, done: Promise.resolve({} as RolloutRow) };
    if (stopping) entry.abort.abort(stopped());
    active.set(id, entry);
    entry.done = work(id, entry).finally(() => active.delete(id));
    return await entry.done;
  }

  async function work(id: string, entry: Active): Promise<RolloutRow> {
    const row = await requireRollout(dependencies, id);
    if (FINAL_STATES.includes(row.state)) return row;
    const fresh = begun.get(id);
    begun.delete(id);
    const before = await readLease(store.db, { app, env: row.env });
    const lease = fresh ?? (await take(row.env));
    const asked = listen(id, entry);
    try {
      const awayMs = fresh ? null : (before?.quietMs ?? 0);
      await withLease(dependencies, lease, entry.abort.signal, {
        work: (signal, leaseSignal) => driven({ row, lease, entry, signal, leaseSignal, awayMs }),
        // The target lets nobody in: nothing was done for a rollout that is new, and it has an end that says why.
        refused: async (error) => {
          if (fresh) await endUnbegun(row, lease, error);
        },
      });
    } finally {
      clearInterval(asked);
      dependencies.onChange(id);
    }
    return await requireRollout(dependencies, id);
  }

  async function driven({
    row,
    lease,
    entry,
    signal,
    leaseSignal,
    awayMs,
  }: {
    row: RolloutRow;
    lease: HeldLease;
    entry: Active;
    signal: AbortSignal;
    leaseSignal: AbortSignal;
    /** How long nobody worked on it; null: it begins. */
    awayMs: number | null;
  }): Promise<void> {
    const release = await findRelease(store.db, app, row.release);
    if (!release)
      throw new UserError({
        code: "SM-RELEASE-GONE",
        message: `the release ${row.release} is not kept any more`,
        next: "deploy again",
      });
    if (row.state === "PLANNED" && !(await tidied(row, lease, leaseSignal))) return;
    const journal = await openJournal({
      store,
      lease,
      rolloutId: row.id,
      redact: dependencies.redact,
      boundary: dependencies.boundary,
      onChange: () => dependencies.onChange(row.id),
    });
    const promoted = () => entry.promoted;
    const current: Run = { dependencies, row, plan: row.plan, release, lease, journal, signal, promoted };
    if (awayMs !== null) await resume(current, awayMs, entry);
    await drive(current, leaseSignal);
  }

  /** What an interrupted restart left is put in order first; a rollout that cannot do it ends, nothing was done for it. */
  async function tidied(row: RolloutRow, lease: HeldLease, leaseSignal: AbortSignal): Promise<boolean> {
    const signal = AbortSignal.any([leaseSignal, AbortSignal.timeout(TIDY_MS)]);
    try {
      await settleStrays({ dependencies, row, signal, lease });
      return true;
    } catch (error) {
      leaseSignal.throwIfAborted();
      await endUnbegun(row, lease, error);
      return false;
    }
  }

  async function endUnbegun(row: RolloutRow, lease: HeldLease, error: unknown): Promise<void> {
    const { code, message, next = null } = toKnownError(error);
    const failure = { code, message, next, service: null, logs: [], probe: null };
    await setState(store.db, lease, row.id, {
      state: "FAILED",
      reason: `${code}: ${message}`,
      failure,
      finished: true,
    });
  }

  /** A wish may come from another process: it is in the database. */
  function listen(id: string, entry: Active): NodeJS.Timeout {
    return setInterval(async () => {
      const request = await findRollout(store.db, id).then(
        (row) => row?.request,
        () => undefined,
      );
      heed(request, entry);
    }, REQUEST_POLL_MS);
  }

  function heed(request: RolloutRow["request"] | undefined, entry: Active): void {
    if (request === "abort") entry.abort.abort(aborted("a person"));
    if (request === "promote") entry.promoted = true;
  }

  async function resume(run: Run, awayMs: number, entry: Active): Promise<void> {
    const { row } = run;
    const next = resumeState(row.state, {
      strategy: run.plan.strategy.kind,
      share: await observedShare(run),
      awayMs,
      everyMs: run.plan.strategy.everyMs,
    });
    const reason =
      next === "ROLLING_BACK" && row.state !== next ? "the controller was away too long during the shift" : undefined;
    await setState(store.db, run.lease, row.id, { state: next, reason: reason ?? null });
    row.state = next;
    heed(row.request, entry);
  }

  async function requireRunning(id: string): Promise<Active | undefined> {
    const row = await requireRollout(dependencies, id);
    if (FINAL_STATES.includes(row.state))
      throw new UserError({
        code: "SM-ROLLOUT-ENDED",
        message: `the rollout ${id} has ended (${row.state})`,
        next: "see stationmaster releases",
      });
    return active.get(id);
  }

  return {
    begin: async (planned) => {
      const work = begin(planned);
      beginning.add(work);
      return await work.finally(() => beginning.delete(work));
    },
    run,
    abandoned: async (environment) => {
      const lease = await readLease(store.db, { app, env: environment });
      if (lease && !lease.expired && !(await isDeadHolder(lease.holder))) return [];
      const left = await unfinishedRollouts(store.db, { app, env: environment });
      return left.filter(({ id }) => !active.has(id) && !begun.has(id));
    },
    promote: async (id) => {
      const entry = await requireRunning(id);
      await requestChange(store.db, id, "promote");
      if (entry) entry.promoted = true;
    },
    abort: async (id, actor) => {
      const entry = await requireRunning(id);
      await requestChange(store.db, id, "abort");
      entry?.abort.abort(aborted(actor));
    },
    stop: async () => {
      stopping = true;
      for (const entry of active.values()) entry.abort.abort(stopped());
      await Promise.allSettled(beginning);
      // One that was begun goes through its states too: they end it and give the environment back.
      await Promise.allSettled([...active.keys(), ...begun.keys()].map(run));
    },
  };
}
