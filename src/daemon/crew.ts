import { ExternalError } from "../core/errors.ts";
import type { Effects } from "../incidents/execute.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { IncidentsOptions } from "../incidents/options.ts";
import { forgetEnded, forgetStates, markDelivered, type RecordedEvent, undelivered } from "../watch/state.ts";
import type { Watch } from "../watch/watch.ts";
import { joinCrew } from "../watch/workers/crew.ts";
import { RUN, VERDICT, verdictChannel } from "../watch/workers/session.ts";
import type { Member } from "../watch/workers/shards.ts";
import { type SharedWatch, shareWatch } from "../watch/workers/shared.ts";
import { currentChecks } from "./checks.ts";
import type { Engine } from "./engine.ts";

/** A process among those that watch one environment together. */
export interface Crew {
  /** Null for one that is alone. */
  id: string | null;
  /** Takes over the checks that there are now; a worker reads the manifest for that. */
  follow(): Promise<void>;
  /** Joins, or takes up the incidents that an earlier process left. Throws UserError `SM-WORKER-POOLER`. */
  start(): Promise<void>;
  /** Leaves; call it when the watch has stopped. */
  stop(): Promise<void>;
  /** From now on exactly the checks with these ids exist: the others read theirs anew, and states of checks that ended are forgotten. */
  changed(ids: readonly string[]): Promise<void>;
}

interface Sharing {
  crew: Crew;
  watch: SharedWatch;
  /**
   * Takes verdicts and lets time pass where this process leads. Anywhere it reads, and decides on what people ask for; what follows from
   * that in the background is the leader's, who decides on what the store has.
   */
  incidents: Incidents;
  /** Work that one process of all does: nothing where another one leads. */
  whenLeading(work: () => Promise<void>): () => Promise<void>;
}

/** Of a process that has its store for itself: it runs every check and folds incidents as they come. */
export function alone({ resume }: Pick<Incidents, "resume">): Crew {
  return { id: null, follow: async () => {}, start: resume, stop: async () => {}, changed: async () => {} };
}

interface CrewOptions {
  engine: Engine;
  role: Member["role"];
  watch: Watch;
  /** Incidents for the time that this process leads, since what they remember of checks is worth nothing afterwards, and for all other time. */
  newTerm(change?: Pick<IncidentsOptions, "leaveWork">): Incidents;
  report(error: unknown): void;
  /** Work that the stop waits for. */
  track?: (<T>(work: Promise<T>) => Promise<T>) | undefined;
}

/** Healing as a worker may do it: what would be a rollout is left to a daemon. */
export function withoutRollouts(effects: Effects): Effects {
  return {
    ...effects,
    redeploy: async () => {
      throw new ExternalError({
        code: "SM-REMEDY-FAILED",
        message: "no daemon lives, and a worker makes no rollouts",
        next: "start the daemon again: stationmaster up",
      });
    },
  };
}

/** Puts this process among the workers of an environment; nothing is joined before `start`. */
export function createCrew(options: CrewOptions): Sharing {
  const { engine, role, watch: own, newTerm, report, track = (work) => work } = options;
  const { store, environment, clock, redact, bus } = engine;
  const passive = newTerm({ leaveWork: () => void tell(VERDICT).catch(report) });
  let term: Incidents | undefined;
  let leads = false;
  let folding: Promise<void> | undefined;
  let following = Promise.resolve();
  let followed: ReadonlySet<string> = new Set();
  const member = joinCrew({
    ...{ store, environment, role, clock },
    onShards: () => watch.share(),
    onLead: async (now) => {
      leads = now;
      if (leads) lead().catch(report);
      else await endTerm();
    },
    onNotice: (said) => {
      if (said.startsWith(RUN)) return own.ask(said.slice(RUN.length));
      if (said !== VERDICT) {
        // One after the other: what was read first must not be set last.
        if (said !== member.id) following = track(following.then(followChange)).catch(report);
        return;
      }
      bus.emit({ type: "checks" });
      bus.emit({ type: "status" });
      lead().catch(report);
    },
    onProblem: report,
  });
  const askOthers = (id: string) => void tell(`${RUN}${id}`).catch(report);
  const watch = shareWatch({ watch: own, store, clock, redact, owned: member.owned, askOthers });

  async function tell(notice: string): Promise<void> {
    await store.pool.query("SELECT pg_notify($1, $2)", [verdictChannel(store.schema), notice]);
  }

  async function follow(): Promise<void> {
    if (role === "worker") engine.adopt(engine.read());
    const specs = await currentChecks(engine, report);
    await watch.setChecks(specs);
    followed = new Set(specs.map(({ id }) => id));
  }

  /** Who still ran a check that ended may have written its state after it was forgotten: whoever follows last forgets the last of it. */
  async function followChange(): Promise<void> {
    const earlier = followed;
    await follow();
    await own.quiet();
    // Its list may be older than that of the others: only what it had and has no more ended here.
    const ended = [...earlier].filter((id) => !followed.has(id));
    if (ended.length > 0) await forgetEnded(store, environment, ended);
  }

  async function beginTerm(): Promise<Incidents> {
    const begun = newTerm();
    await watch.refresh();
    watch.reread();
    await begun.resume();
    term = begun;
    return begun;
  }

  async function endTerm(): Promise<void> {
    // What is handed in and not folded is left to the next one who leads.
    await term?.close();
    await folding?.catch(() => {});
    // One that had only just begun.
    await term?.close();
    term = undefined;
  }

  async function fold(): Promise<void> {
    const leading = term ?? (await beginTerm());
    for (let hasMore = true; hasMore && leads; ) {
      const events = await undelivered(store, { environment });
      if (events.length > 0) await watch.refresh();
      hasMore = events.length > 0 && (await handIn(leading, events));
    }
    if (leads) await leading.tick();
  }

  /** In order for each check; answers whether all were taken. One that is not holds up no other check. */
  async function handIn(leading: Incidents, events: readonly RecordedEvent[]): Promise<boolean> {
    const rows = [...Map.groupBy(events, ({ event }) => event.checkId).values()];
    const handed = await Promise.allSettled(
      rows.map(async (row) => {
        for (const { event, seq } of row) {
          await leading.handle(event);
          await markDelivered(store, [{ checkId: event.checkId, seq }]);
        }
      }),
    );
    const failures = handed.filter((item) => item.status === "rejected");
    if (leads) for (const { reason } of failures) report(reason);
    return failures.length === 0;
  }

  async function lead(): Promise<void> {
    if (!leads) return;
    folding ??= fold().finally(() => {
      folding = undefined;
    });
    await folding;
  }

  return {
    watch,
    whenLeading: (work) => async () => {
      if (leads) await work();
    },
    crew: {
      ...{ id: member.id, start: member.start, stop: member.stop },
      follow,
      changed: async (ids) => {
        await forgetStates(store, environment, ids);
        await tell(member.id);
      },
    },
    incidents: {
      ...passive,
      handle: (event) => (term ?? passive).handle(event),
      tick: lead,
      // The leader does it when it begins.
      resume: async () => {},
      setChecks: (ids) => (term ?? passive).setChecks(ids),
      plan: async (id) => {
        // The veto of a dependency is known from checks that others may run.
        await watch.refresh();
        return await passive.plan(id);
      },
      close: async () => {
        leads = false;
        await endTerm();
        await passive.close();
      },
    },
  };
}
