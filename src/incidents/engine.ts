import { isDeepStrictEqual } from "node:util";
import { atMost } from "../core/at-most.ts";
import { newId } from "../core/ids.ts";
import type { Transaction } from "../store/connect.ts";
import { sqlState } from "../store/sql-state.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { auditOf } from "./audit.ts";
import { type Work, work, workAwaited } from "./background.ts";
import { forEach } from "./each.ts";
import { createHealthEvidence } from "./health.ts";
import { noteHeld } from "./held.ts";
import { createInbox } from "./inbox.ts";
import { decide } from "./lifecycle.ts";
import { goneAgain } from "./look-after.ts";
import { createLooks } from "./looks.ts";
import { type IncidentsOptions, rulesOf } from "./options.ts";
import { persist } from "./persist.ts";
import { loadLive, lockIncident } from "./rows.ts";
import { type Around, createSurroundings } from "./surroundings.ts";
import type { Change, Effect, IncidentRecord, LifecycleEvent } from "./types.ts";
import { applyVerdict } from "./verdicts.ts";

/** Many verdicts at once must not keep the store from everything else. */
const LOOKS_AT_ONCE = 8;
const HEALTH_BEAT_MS = 15_000;
const UNIQUE_VIOLATION = "23505";

/** Carries events through decision, store and effects, one at a time. */
export interface Engine {
  /** Resolves when it is folded and committed, or can never be. Rejects where it is to be brought again; a second time changes nothing. */
  take(event: VerdictEvent): Promise<void>;
  /** Begins an incident that a person reports. Throws what `refuse` makes of it when there is one of that key. */
  report(event: Extract<LifecycleEvent, { type: "report" }>, refuse: () => Promise<Error>): Promise<void>;
  /** Decides on one incident, in line with everything else; `prepare` runs in line before it. */
  apply(id: string, event: LifecycleEvent, prepare?: () => Promise<void>): Promise<void>;
  /** Forgets what other checks said; in line with everything else. */
  keep(checks: readonly string[]): Promise<void>;
  passTime(): Promise<void>;
  /** Aborts the work under way and waits for it; what was taken and is not folded is rejected. */
  close(): Promise<void>;
}

export function createEngine(options: IncidentsOptions): Engine {
  const { store, app, environment, clock, redact, effects, notify, onChange, audit } = options;
  const place = { app, environment };
  const rules = rulesOf(options);
  const report = options.report ?? (() => {});
  const links = options.links ?? (() => []);
  const closing = new AbortController();
  const inbox = createInbox(report);
  const health = createHealthEvidence(place);
  const looks = createLooks({ clock, report, signal: closing.signal });
  const surroundings = createSurroundings({ ...options, looks });
  const few = atMost(LOOKS_AT_ONCE);
  /** Work in the background, by its name. */
  const tasks = new Map<string, Promise<void>>();
  let beatAt = 0;

  async function commit(run: (tx: Transaction) => Promise<Change[]>): Promise<void> {
    const changes = await store.db.transaction(async (tx) => {
      const made = (await run(tx)).filter(({ before, decision }) => !isDeepStrictEqual(before, decision.state));
      for (const { before, decision } of made) await persist(tx, before, decision, { app, redact, notify, links });
      return made;
    });
    for (const { before, decision } of changes) {
      const record = decision.state ?? before;
      if (record) await carryOut(record, decision.effects).catch(report);
    }
  }

  /** What follows a committed decision; it stands whatever fails here. */
  async function carryOut(record: IncidentRecord, made: Effect[]): Promise<void> {
    if (made.some((effect) => effect.type === "notify")) notify.kick();
    for (const effect of made) {
      if (effect.type === "event") await audit(auditOf(record, effect, redact))?.catch(report);
      else begin(record, effect);
    }
    if (record.state !== "suspect") onChange(record.id);
  }

  function begin(record: IncidentRecord, effect: Effect): void {
    if (effect.type !== "collect" && effect.type !== "look" && effect.type !== "act") return;
    if (options.leaveWork) options.leaveWork();
    else doWork(record, effect);
  }

  function doWork(record: IncidentRecord, effect: Work): void {
    const means = { ...place, store, clock, redact, effects, signal: closing.signal, report };
    inBackground(`${record.id} ${effect.work}`, record.id, () => work(record, effect, means));
  }

  /** While an action is verified it is looked after what it brought up. */
  function lookAfter(record: IncidentRecord): void {
    if (record.healing.phase !== "verifying") return;
    const means = { clock, redact, effects, signal: closing.signal };
    inBackground(`${record.id} gone`, record.id, () => goneAgain(record, means));
  }

  /** Begins what is not under way, and decides on its answer. */
  function inBackground(name: string, id: string, answer: () => Promise<LifecycleEvent | undefined>): void {
    if (tasks.has(name)) return;
    const task = answer().then(async (event) => {
      // At shutdown the answer would be "aborted"; the next daemon looks for itself.
      if (event && !closing.signal.aborted) await inbox.add(() => change(id, event));
    });
    const ended = task
      .catch((error: unknown) => {
        if (!closing.signal.aborted) report(error);
      })
      .finally(() => tasks.delete(name));
    tasks.set(name, ended);
  }

  async function change(id: string, event: LifecycleEvent): Promise<void> {
    await commit(async (tx) => {
      const before = await lockIncident(tx, place, id);
      return [{ before, decision: decide(before, event, rules) }];
    });
  }

  /** Looks as soon as there is room, so that those who wait in line have their answers when it is their turn. */
  function ahead<T>(look: () => Promise<T>): Promise<T> {
    const answer = few(look);
    answer.catch(() => {});
    return answer;
  }

  async function hear(event: VerdictEvent, around: Around): Promise<void> {
    // What is not looked at to its end is for the next daemon.
    closing.signal.throwIfAborted();
    const run = (tx: Transaction) => {
      const at = clock.now();
      return applyVerdict(tx, place, { event, at, id: newId("inc", at), rules, ...around });
    };
    await health.hear(store.db, event);
    try {
      await commit(run);
    } catch (error) {
      // Another daemon opened it in this moment: now it is there to be found.
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      await commit(run);
    }
  }

  async function tickAll(): Promise<void> {
    const at = clock.now();
    await options.silences.refresh();
    const live = await loadLive(store.db, place);
    const ticks = live.map((record) => ({ record, around: ahead(() => surroundings.ofRecord(record, live, at)) }));
    const pass = async ({ record, around }: (typeof ticks)[number]) =>
      await tickOne(record, { type: "tick", at, ...(await around) });
    await forEach(ticks, pass, report);
    if (at - beatAt < HEALTH_BEAT_MS) return;
    beatAt = at;
    await health.beat(store.db, at);
    await noteHeld(store.db, place, at);
  }

  async function tickOne(record: IncidentRecord, event: LifecycleEvent): Promise<void> {
    if (closing.signal.aborted) return;
    lookAfter(record);
    if (!isDeepStrictEqual(decide(record, event, rules).state, record)) return await change(record.id, event);
    const left = workAwaited(record);
    if (left) doWork(record, left);
  }

  return {
    take: async (event) => {
      closing.signal.throwIfAborted();
      const around = ahead(() => surroundings.ofVerdict(event));
      await inbox.bring(`${event.checkId} ${event.at} ${event.to}`, async () => hear(event, await around));
    },
    apply: (id, event, prepare) =>
      inbox.inLine(async () => {
        await prepare?.();
        await change(id, event);
      }),
    report: (event, refuse) =>
      inbox.inLine(async () => {
        try {
          await commit(async () => [{ before: null, decision: decide(null, event, rules) }]);
        } catch (error) {
          throw sqlState(error) === UNIQUE_VIOLATION ? await refuse() : error;
        }
      }),
    keep: (checks) => inbox.inLine(() => health.keep(store.db, checks, clock.now())),
    passTime: async () => {
      if (!closing.signal.aborted) await inbox.flush(tickAll);
    },
    close: async () => {
      closing.abort(new Error("the daemon stops"));
      await inbox.close();
      await Promise.all(tasks.values());
    },
  };
}
