import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../src/core/clock.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { grantFirst } from "../../src/incidents/epochs.ts";
import type { Effects } from "../../src/incidents/execute.ts";
import { createIncidents, type Incidents } from "../../src/incidents/incidents.ts";
import { serviceScope } from "../../src/incidents/key.ts";
import { createSilences } from "../../src/incidents/silences/silences.ts";
import type { NeedsLookup } from "../../src/incidents/surroundings.ts";
import { currentMessage, standingMessages } from "../../src/incidents/telling.ts";
import type { Channel } from "../../src/notify/channel.ts";
import { createOutbox, type Outbox } from "../../src/notify/outbox.ts";
import type { Store } from "../../src/store/connect.ts";
import { sql } from "../../src/store/drizzle.ts";
import { type Kept, markDelivered, type RecordedEvent, recordEvents, undelivered } from "../../src/watch/state.ts";
import { timingFor } from "../../src/watch/timing.ts";
import type { VerdictEvent } from "../../src/watch/types.ts";

interface DutyOptions {
  store: Store;
  app: string;
  environment: string;
  clock: Clock;
  effects: Effects;
  needs: NeedsLookup;
  channel: Channel;
  /** Whether the leader hangs in the middle of an action: nothing more comes of it. */
  hangs(): boolean;
  report(error: unknown): void;
}

/** The half that acts: the real incidents and outbox on the real store. */
export interface Duty {
  /** A first deployment that went well grants its restarts. */
  grant(service: string): Promise<unknown>;
  hear(event: VerdictEvent, kept: Kept): Promise<void>;
  tick(): Promise<void>;
  /** The process is gone; changes of verdicts are only recorded. */
  kill(): Promise<void>;
  /** Another takes over, and does what was left. */
  takeOver(): Promise<void>;
}

const CALL_AGAIN_MS = 30_000;

export function createDuty(options: DutyOptions): Duty {
  const { store, app, environment, clock, effects, needs, channel, hangs, report } = options;
  const place = { app, environment };
  const redact = createRedactor();
  const links = () => [];
  const silences = createSilences({ store, ...place, clock, windows: () => ({}), serviceOf: () => null, report });
  let leader: { incidents: Incidents; outbox: Outbox } | undefined = lead();
  let calledAt = Number.NEGATIVE_INFINITY;

  function lead() {
    const outbox = createOutbox({
      ...{ store, app, clock, channels: new Map([["ops", channel]]), escalate: {}, redact, report },
      refresh: (message) => currentMessage(store.db, place, message, clock.now()),
    });
    const incidents = createIncidents({
      ...{ store, ...place, clock, redact, remedies: {}, isProtected: false, effects, needs, silences, report },
      ...{ notify: outbox, timing: timingFor, onChange: () => {}, audit: () => undefined },
    });
    return { incidents, outbox };
  }

  /** Waits until no work is under way, in no time of the scenario. */
  async function settle(): Promise<void> {
    const pending = sql`SELECT 1 FROM incident WHERE app = ${app} AND healing->>'pending' IS NOT NULL
      AND state NOT IN ('resolved', 'review', 'closed') LIMIT 1`;
    while (!hangs() && (await store.db.execute(pending)).rows.length > 0) await delay(2);
  }

  async function deliver({ seq, event }: RecordedEvent): Promise<void> {
    if (leader === undefined) return;
    await leader.incidents.handle(event);
    await settle();
    if (!hangs()) await markDelivered(store, [{ checkId: event.checkId, seq }]);
  }

  return {
    grant: (service) => grantFirst(store.db, serviceScope(app, environment, service), "first deployment"),
    hear: async (event, kept) => {
      const [seq] = await recordEvents(store, [{ event, kept }]);
      if (typeof seq === "number") await deliver({ seq, event });
    },
    tick: async () => {
      if (leader === undefined) return;
      await leader.incidents.tick();
      await settle();
      const now = clock.now();
      if (now - calledAt >= CALL_AGAIN_MS) {
        calledAt = now;
        await leader.outbox.callAgain(place.environment, await standingMessages(store.db, place, { now, links }));
      }
      await leader.outbox.drain();
    },
    kill: async () => {
      const { incidents, outbox } = leader ?? {};
      leader = undefined;
      await incidents?.close();
      await outbox?.stop();
    },
    takeOver: async () => {
      leader = lead();
      await leader.incidents.resume();
      await settle();
      for (const recorded of await undelivered(store, { environment })) await deliver(recorded);
    },
  };
}
