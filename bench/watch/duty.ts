import { systemClock } from "../../src/core/clock.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { createIncidents, type Incidents } from "../../src/incidents/incidents.ts";
import { createSilences } from "../../src/incidents/silences/silences.ts";
import { CALM } from "../../src/incidents/testing.ts";
import type { Channel } from "../../src/notify/channel.ts";
import { createOutbox } from "../../src/notify/outbox.ts";
import type { Escalate } from "../../src/notify/routing.ts";
import type { Store } from "../../src/store/connect.ts";
import { timingFor } from "../../src/watch/timing.ts";

const PLACE = { app: "bench", environment: "bench" };

interface DutyOptions {
  store: Store;
  channels: ReadonlyMap<string, Channel>;
  escalate: Escalate;
  /** Called after each change of an incident was committed. */
  onChange(id: string): void;
}

interface Duty {
  incidents: Incidents;
  stop(): Promise<void>;
}

/** Incidents and their messages in real time, with services of which nothing is known and that nothing may touch. */
export function startDuty({ store, channels, escalate, onChange }: DutyOptions): Duty {
  const [clock, redact] = [systemClock, createRedactor()];
  const report = (error: unknown) => console.error(error);
  const untouchable = () => Promise.reject(new Error("there is nothing to touch"));
  const silences = createSilences({ store, ...PLACE, clock, windows: () => ({}), serviceOf: () => null, report });
  const outbox = createOutbox({ store, ...PLACE, clock, channels, escalate, redact, report });
  const incidents = createIncidents({
    ...{ store, ...PLACE, clock, redact, remedies: {}, isProtected: true, silences, notify: outbox },
    ...{ timing: timingFor, onChange, audit: () => undefined, report },
    needs: async () => ({ all: [], failing: [] }),
    effects: {
      ...{ hold: untouchable, relieve: untouchable, redeploy: untouchable },
      collectEvidence: async () => ({ logs: [], metrics: {}, changes: [], missing: [] }),
      situation: async () => ({ ...CALM, servicesDown: [], recentlyDown: [] }),
      gone: async () => null,
    },
  });
  outbox.start();
  return {
    incidents,
    stop: async () => {
      await incidents.close();
      await outbox.stop();
    },
  };
}
