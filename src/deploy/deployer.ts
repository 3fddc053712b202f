import type { RolloutPlan } from "../contract/rollout.ts";
import { FINAL_STATES } from "../contract/rollout.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { type HeldLease, lockedBy, readLease, readLock } from "../store/leases.ts";
import { findRelease } from "../store/releases.ts";
import {
  findRollout,
  requestChange,
  requestSupersede,
  setState,
  superseded,
  unfinishedRollouts,
} from "../store/rollouts.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { busy } from "./busy.ts";
import { configHash } from "./desired.ts";
import { giveBack, isDeadHolder, takeEnvironment, withLease } from "./holder.ts";
import { openJournal } from "./journal.ts";
import { isEmpty } from "./plan.ts";
import { aborted, drive, observedShare, resumeState } from "./rollout.ts";
import type { DeployDependencies, Run } from "./run.ts";
import { requireRollout, storeRollout } from "./stored.ts";
import { endUnbegun, tidied } from "./unbegun.ts";

const REQUEST_POLL_MS = 500;

export interface PlannedRollout {
  plan: RolloutPlan;
  services: Record<string, ReleasedService>;
  commit: string | null;
  actor: string;
  /** What the rollout is called that was queued; it begins only while it waits. */
  id?: string;
}

/** Runs rollouts of one application; at most one an environment at a time. */
export interface Deployer {
  /** Takes the environment and stores the rollout; refused while another one runs. Nothing is done yet. */
  begin(planned: PlannedRollout): Promise<RolloutRow>;
  /** Drives a stored rollout to its end; a second call while it runs here waits for the same end. */
  run(id: string): Promise<RolloutRow>;
  /** Rollouts without an end, with nobody alive working on them: what a crash left. */
  abandoned(environment: string): Promise<RolloutRow[]>;
  /** `actor`: who asks (`cli:ada`), for reason and journal. */
  promote(id: string, actor: string): Promise<void>;
  abort(id: string, actor: string): Promise<void>;
  /** Ends a rollout that no user has seen for a newer release; `by` names that and who wants it. False when users have it already. */
  supersede(id: string, by: string): Promise<boolean>;
  /** Undoes the rollouts that run or were begun here, as an abort does, and waits for it; from its call on none begins (`SM-DEPLOY-STOPPING`). */
  stop(): Promise<void>;
  /** Lets go of the rollouts that run here, as they are: their environments are given back, and whoever comes next goes on with them. */
  leave(): Promise<void>;
}

interface Active {
  done: Promise<RolloutRow>;
  abort: AbortController;
  promoted?: string;
}

function stopped(): UserError {
  return aborted("the stop of the daemon");
}

function left(): UserError {
  return new UserError({
    code: "SM-ROLLOUT-LEFT",
    message: "the rollout was left as it is",
    next: "the next command or daemon goes on with it",
  });
}

/** The rollouts of one application in this process. */
export function createDeployer(dependencies: DeployDependencies): Deployer {
  const { store, app } = dependencies;
  const active = new Map<string, Active>();
  const beginning = new Set<Promise<unknown>>();
  const begun = new Map<string, HeldLease>();
  const leaving = new AbortController();
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

  async function begin({ plan, services, commit, actor, id }: PlannedRollout): Promise<RolloutRow> {
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
      const row = await storeRollout(dependencies, {
        release: { app, name: plan.release, commit, configHash: configHash(services), services },
        rollout: {
          id: id ?? newId("ro"),
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
        },
        queued: id !== undefined,
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
    const entry: Active = { abort: new AbortController(), done: Promise.resolve({} as RolloutRow) };
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
        work: (signal, held) => {
          const leaseSignal = AbortSignal.any([held, leaving.signal]);
          return driven({ row, lease, entry, signal: AbortSignal.any([signal, leaving.signal]), leaseSignal, awayMs });
        },
        // The target lets nobody in: nothing was done for a rollout that is new, and it has an end that says why.
        refused: async (error) => {
          if (fresh) await endUnbegun({ dependencies, row, lease }, error);
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
    if (row.state === "PLANNED" && !(await tidied({ dependencies, row, lease, signal: leaseSignal }))) return;
    const journal = await openJournal({
      store,
      lease,
      rolloutId: row.id,
      redact: dependencies.redact,
      boundary: dependencies.boundary,
      onChange: () => dependencies.onChange(row.id),
    });
    const promoted = () => entry.promoted;
    const lost = new Set<string>();
    const current: Run = { dependencies, row, plan: row.plan, release, lease, journal, signal, promoted, lost };
    // A wish to abort that is heard meanwhile is the matter of the state that it goes on in.
    if (awayMs !== null) await resume({ ...current, signal: leaseSignal }, awayMs, entry);
    await drive(current, leaseSignal);
  }

  /** A wish may come from another process: it is in the database. */
  function listen(id: string, entry: Active): NodeJS.Timeout {
    return setInterval(async () => {
      const row = await findRollout(store.db, id).catch(() => undefined);
      if (row) heed(row, entry);
    }, REQUEST_POLL_MS);
  }

  function heed({ request, requestBy }: Pick<RolloutRow, "request" | "requestBy">, entry: Active): void {
    const by = requestBy ?? "a person";
    if (request === "abort") entry.abort.abort(aborted(by));
    if (request === "promote") entry.promoted = by;
    if (request === "supersede") entry.abort.abort(superseded(requestBy));
  }

  async function resume(run: Run, awayMs: number, entry: Active): Promise<void> {
    const { row } = run;
    const next = resumeState(row.state, {
      strategy: run.plan.strategy.kind,
      share: await observedShare({ ...run, quorum: run.plan.quorum }),
      awayMs,
      everyMs: run.plan.strategy.everyMs,
    });
    const reason =
      next === "ROLLING_BACK" && row.state !== next ? "the controller was away too long during the shift" : undefined;
    await setState(store.db, run.lease, row.id, { state: next, reason: reason ?? null });
    row.state = next;
    heed(row, entry);
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
    promote: async (id, actor) => {
      const entry = await requireRunning(id);
      await requestChange(store.db, id, "promote", actor);
      if (entry) entry.promoted = actor;
    },
    abort: async (id, actor) => {
      const entry = await requireRunning(id);
      await requestChange(store.db, id, "abort", actor);
      entry?.abort.abort(aborted(actor));
    },
    supersede: async (id, by) => {
      if (!(await requestSupersede(store.db, id, by))) return false;
      active.get(id)?.abort.abort(superseded(by));
      return true;
    },
    leave: async () => {
      leaving.abort(left());
      await Promise.allSettled([...active.values()].map(({ done }) => done));
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
