import { ExternalError } from "../core/errors.ts";
import type { Effects } from "../incidents/execute.ts";
import type { Incidents } from "../incidents/incidents.ts";
import { forgetStates, markDelivered, undelivered } from "../watch/state.ts";
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
  /** Takes verdicts and lets time pass where this process leads; anywhere it reads, and does what people ask for. */
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
  /** Reads, and does what people ask for; never folds. */
  incidents: Incidents;
  /** Incidents for the time that this process leads: what they remember of checks is worth nothing afterwards. */
  newTerm(): Incidents;
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
  const { engine, role, watch: own, incidents: passive, newTerm, report, track = (work) => work } = options;
  const { store, environment, clock, redact, bus } = engine;
  let term: Incidents | undefined;
  let leads = false;
  let folding: Promise<void> | undefined;
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
      if (said !== VERDICT) return said === member.id ? undefined : void track(follow()).catch(report);
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
    await watch.setChecks(await currentChecks(engine, report));
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
    await folding?.catch(() => {});
    await term?.close();
    term = undefined;
  }

  async function fold(): Promise<void> {
    const leading = term ?? (await beginTerm());
    for (;;) {
      const events = await undelivered(store, { environment });
      if (events.length > 0) await watch.refresh();
      for (const { event, seq } of events) {
        if (!leads) return;
        await leading.handle(event);
        await markDelivered(store, [{ checkId: event.checkId, seq }]);
      }
      if (events.length === 0) break;
    }
    if (leads) await leading.tick();
  }

  async function lead(): Promise<void> {
    if (!leads) return;
    folding ??= fold().finally(() => {
      folding = undefined;
    });
    await folding;
  }

  const now = () => term ?? passive;
  return {
    watch,
    whenLeading: (work) => async () => {
      if (leads) await work();
    },
    crew: {
      ...{ id: member.id, follow, start: member.start, stop: member.stop },
      changed: async (ids) => {
        await forgetStates(store, environment, ids);
        await tell(member.id);
      },
    },
    incidents: {
      ...passive,
      handle: (event) => now().handle(event),
      tick: lead,
      // The leader does it when it begins.
      resume: async () => {},
      setChecks: (ids) => now().setChecks(ids),
      acknowledge: (id, actor, note) => now().acknowledge(id, actor, note),
      approve: (id, actor) => now().approve(id, actor),
      close: async () => {
        leads = false;
        await endTerm();
        await passive.close();
      },
    },
  };
}
