import { isDeepStrictEqual } from "node:util";
import { newId } from "../core/ids.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { Transaction } from "../store/connect.ts";
import { sqlState } from "../store/sql-state.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { auditOf } from "./audit.ts";
import { work } from "./background.ts";
import { createHealthEvidence } from "./health.ts";
import { noteHeld } from "./held.ts";
import { createInbox } from "./inbox.ts";
import { decide } from "./lifecycle.ts";
import { goneAgain } from "./look-after.ts";
import { isFailing } from "./members.ts";
import { type IncidentsOptions, rulesOf } from "./options.ts";
import { persist } from "./persist.ts";
import { loadLive, lockIncident } from "./rows.ts";
import { createSurroundings } from "./surroundings.ts";
import type { Change, Effect, IncidentRecord, LifecycleEvent, Situation } from "./types.ts";
import { applyVerdict } from "./verdicts.ts";

const OPENING_LOOK_MS = 2_000;
const HEALTH_BEAT_MS = 15_000;
const UNIQUE_VIOLATION = "23505";

/** Carries events through decision, store and effects, one at a time. */
export interface Engine {
  /** Never rejects: what the store refuses now waits for `passTime`. */
  take(event: VerdictEvent): Promise<void>;
  /** Begins an incident that a person reports. Throws what `refuse` makes of it when there is one of that key. */
  report(event: Extract<LifecycleEvent, { type: "report" }>, refuse: () => Promise<Error>): Promise<void>;
  /** Decides on one incident, in line with everything else; `prepare` runs in line before it. */
  apply(id: string, event: LifecycleEvent, prepare?: () => Promise<void>): Promise<void>;
  /** Forgets what other checks said; in line with everything else. */
  keep(checks: readonly string[]): Promise<void>;
  passTime(): Promise<void>;
  /** Aborts the work under way and waits for it. */
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
  const surroundings = createSurroundings({ ...options, signal: closing.signal });
  const tasks = new Set<Promise<void>>();
  const lookedAfter = new Set<string>();
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
    void hearLater(
      record.id,
      work(record, effect, { ...place, store, clock, redact, effects, signal: closing.signal }),
    );
  }

  /** Decides on the answer of work in the background. */
  async function hearLater(id: string, answer: Promise<LifecycleEvent | undefined>): Promise<void> {
    const task = answer.then(async (event) => {
      // At shutdown the answer would be "aborted"; the next daemon looks for itself.
      if (event && !closing.signal.aborted) await inbox.add(() => change(id, event));
    });
    tasks.add(task);
    await task.catch(report).finally(() => tasks.delete(task));
  }

  /** While an action is verified it is looked after what it brought up. */
  function lookAfter(record: IncidentRecord): void {
    const { id } = record;
    if (record.healing.phase !== "verifying" || lookedAfter.has(id)) return;
    lookedAfter.add(id);
    void hearLater(id, goneAgain(record, { clock, redact, effects, signal: closing.signal })).finally(() =>
      lookedAfter.delete(id),
    );
  }

  async function change(id: string, event: LifecycleEvent): Promise<void> {
    await commit(async (tx) => {
      const before = await lockIncident(tx, place, id);
      return [{ before, decision: decide(before, event, rules) }];
    });
  }

  async function hear(event: VerdictEvent): Promise<void> {
    const situation = await situationFor(event);
    const around = await surroundings.ofVerdict(event);
    const run = (tx: Transaction) => {
      const at = clock.now();
      return applyVerdict(tx, place, { event, at, id: newId("inc", at), situation, rules, ...around });
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

  /** What else is down decides on the severity, and whether it is trouble of its own; it is not waited for long. */
  async function situationFor({ to, service }: VerdictEvent): Promise<Situation | null> {
    if (service === null || !isFailing({ verdict: to })) return null;
    const asked = withDeadline((signal) => effects.situation(service, signal), OPENING_LOOK_MS, closing.signal);
    return await asked.catch(() => null);
  }

  async function tickAll(): Promise<void> {
    const at = clock.now();
    await options.silences.refresh();
    const live = await loadLive(store.db, place);
    for (const record of live) {
      const event = { type: "tick", at, ...(await surroundings.ofRecord(record, live, at)) } as const;
      if (!isDeepStrictEqual(decide(record, event, rules).state, record)) await change(record.id, event);
      lookAfter(record);
    }
    if (at - beatAt < HEALTH_BEAT_MS) return;
    beatAt = at;
    await health.beat(store.db, at);
    await noteHeld(store.db, place, at);
  }

  return {
    take: async (event) => {
      if (!closing.signal.aborted) await inbox.add(() => hear(event));
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
      await Promise.allSettled(tasks);
      await inbox.inLine(async () => {});
    },
  };
}
