import { setTimeout as delay } from "node:timers/promises";
import type { MaintenanceConfig } from "../config/maintenance.ts";
import type { RemediesConfig } from "../config/schema.ts";
import type { Evidence, Incident } from "../contract/incident.ts";
import type { Clock } from "../core/clock.ts";
import { PolicyError } from "../core/errors.ts";
import { createRedactor } from "../core/redact.ts";
import type { Channel } from "../notify/channel.ts";
import type { Message } from "../notify/message.ts";
import { createOutbox, type Outbox } from "../notify/outbox.ts";
import type { Store } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import { type Steady, steadied } from "../watch/steady.ts";
import { timingFor } from "../watch/timing.ts";
import type { VerdictEvent } from "../watch/types.ts";
import type { AuditEntry } from "./audit.ts";
import { grantFirst } from "./epochs.ts";
import type { Effects } from "./execute.ts";
import { createIncidents, type Incidents } from "./incidents.ts";
import { serviceScope } from "./key.ts";
import type { Situation } from "./outlook.ts";
import { createSilences } from "./silences/silences.ts";
import type { NeedsLookup } from "./surroundings.ts";
import type { RestartTicket } from "./ticket.ts";

export const START = Date.parse("2026-03-01T12:00:00Z");
export const SECOND = 1_000;
export const MINUTE = 60_000;

/** Lets a test set the time by which the database counts restarts. */
export async function controlDatabaseTime({ db }: Pick<Store, "db">): Promise<(at: number) => Promise<void>> {
  await db.execute(sql`CREATE TABLE IF NOT EXISTS test_time (at timestamptz NOT NULL)`);
  await db.execute(sql`INSERT INTO test_time VALUES (${new Date(START).toISOString()})`);
  await db.execute(
    sql`CREATE OR REPLACE FUNCTION heal_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT at FROM test_time $$`,
  );
  return async (at) => {
    await db.execute(sql`UPDATE test_time SET at = ${new Date(at).toISOString()}`);
  };
}

/** A secret that must appear nowhere. */
export const PLANTED = "planted-secret-value";

/** Only the api fails, and nothing was deployed lately. */
export const CALM: Situation = {
  isWorker: false,
  deploying: false,
  restarting: false,
  lastDeployAt: null,
  previousGood: null,
  deployed: ["api"],
  irreversible: false,
  dependenciesDown: [],
  databasesDown: [],
  platformTrouble: null,
  servicesTotal: 3,
  servicesDown: ["api"],
  recentlyDown: ["api"],
  bootMs: null,
};
const EVIDENCE: Evidence = { logs: ["boot", "Error: out of memory"], metrics: { rss: 512 }, changes: [], missing: [] };

export interface WorldOptions {
  app?: string;
  environment?: string;
  isProtected?: boolean;
  remedies?: Record<string, RemediesConfig>;
  channels?: Map<string, Channel>;
  /** Windows of the manifest. */
  maintenance?: Record<string, MaintenanceConfig>;
  /** It does not lead: what a decision asks for is left to another daemon. */
  leaves?: boolean;
}

/** A daemon's incidents on a real store, with a clock the test moves and effects that are written down. */
export async function createWorld(store: Store, options: WorldOptions = {}) {
  const { app = "shop", environment = "staging", remedies = {}, isProtected = environment === "production" } = options;
  const setDatabaseTime = await controlDatabaseTime(store);
  let time = START;
  const clock: Clock = { now: () => time, monotonic: () => time, sleep: async () => {} };
  const did: { what: string; at: number }[] = [];
  const messages: Message[] = [];
  const audit: AuditEntry[] = [];
  const failures: unknown[] = [];
  const situation: Situation = { ...CALM };
  const note = async (what: string) => {
    did.push({ what, at: time });
    return { detail: what };
  };
  /** What a restart does, what keeps looks waiting, and whether somebody else works on the environment. */
  const hands = {
    busy: false,
    /** How long a restart may take, in real time. */
    withinMs: 5 * MINUTE,
    /** How often the check of the api really runs while time passes. */
    everyMs: 5 * SECOND,
    /** What happens before anybody says how things stand. */
    ask: async (_signal?: AbortSignal) => {},
    restart: (_ticket: RestartTicket, service: string, _signal: AbortSignal) => note(`restart ${service}`),
  };
  const effects: Effects = {
    hold: async (service) => {
      if (hands.busy) throw new PolicyError({ code: "SM-DEPLOY-BUSY", message: "a rollout works on it" });
      return {
        withinMs: hands.withinMs,
        restart: (ticket, signal) => hands.restart(ticket, service, signal),
        release: async () => {},
      };
    },
    relieve: (relief, service) => note(`${relief} ${service}`),
    redeploy: (service) => note(`redeploy ${service}`),
    collectEvidence: async () => EVIDENCE,
    situation: async (_service, signal) => {
      await hands.ask(signal);
      return situation;
    },
    gone: async () => null,
  };
  const recorder: Channel = { send: async (message) => void messages.push(message) };
  const channels = options.channels ?? new Map([["ops", recorder]]);
  const redact = createRedactor([PLANTED]);
  let outbox: Outbox;
  let incidents: Incidents;

  const silences = createSilences({
    ...{ store, app, environment, clock },
    windows: () => options.maintenance ?? {},
    serviceOf: () => "api",
    report: (error) => void failures.push(error),
  });
  const needs: NeedsLookup = async ({ service }, signal) => {
    await hands.ask(signal);
    const names = service === null ? [] : situation.dependenciesDown;
    return { all: names, failing: names };
  };

  function boot(): void {
    outbox = createOutbox({ store, app, clock, channels, escalate: {}, redact });
    incidents = createIncidents({
      ...{ store, app, environment, clock, redact, remedies, effects, timing: timingFor },
      ...{ notify: outbox, needs, silences, isProtected },
      ...(options.leaves ? { leaveWork: () => {} } : {}),
      onChange: () => {},
      audit: (entry) => void audit.push(entry),
      report: (error) => void failures.push(error),
    });
  }
  boot();

  /** Waits until no background work is under way. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 1_000; round++) {
      const { rows } = await store.db.execute(
        sql`SELECT 1 FROM incident WHERE app = ${app} AND state <> 'resolved' AND healing->>'pending' IS NOT NULL`,
      );
      if (rows.length === 0) return;
      await delay(5);
    }
    throw new Error("background work did not end");
  }

  let steady: Steady | null = null;
  /** The api's health check, which is for each 5 s, ran from `from` on until now. */
  async function look(from: number): Promise<void> {
    const everyMs = hands.everyMs;
    for (let at = Math.ceil(from / everyMs) * everyMs; at <= time; at += everyMs)
      steady = steadied(steady, { startedAt: at, outcome: "ok" }, 5 * SECOND);
    if (steady === null) return;
    const [since, until] = [steady.since, steady.until].map((at) => new Date(at).toISOString());
    await store.db.execute(sql`
      INSERT INTO check_state (check_id, environment, service, verdict, synthetic, steady_since, steady_until)
      VALUES ('staging/api/health', ${environment}, 'api', 'UP', false, ${since}, ${until})
      ON CONFLICT (check_id) DO UPDATE SET steady_since = excluded.steady_since, steady_until = excluded.steady_until`);
  }

  async function pass(ms: number, step = SECOND): Promise<void> {
    for (const end = time + ms; time < end; ) {
      const before = time;
      time = Math.min(time + step, end);
      await look(before);
      await setDatabaseTime(time);
      await incidents.tick();
      await settle();
    }
  }

  async function say(to: VerdictEvent["to"], change: Partial<VerdictEvent> = {}): Promise<void> {
    await incidents.handle(verdict(to, { environment, at: time, onset: time, ...change }));
    await settle();
  }

  return {
    ...{ did, messages, audit, failures, situation, effects, hands, clock, settle, pass, say, channels, silences },
    get incidents() {
      return incidents;
    },
    get outbox() {
      return outbox;
    },
    /** As the first rollout of the service that succeeds does. */
    grant: (service: string) => grantFirst(store.db, serviceScope(app, environment, service), "test"),
    /** Moves the clock without a tick. */
    jump: async (ms: number) => {
      time += ms;
      await setDatabaseTime(time);
    },
    /** Ends this daemon (cleanly or as if killed) and starts another on the same store. */
    restartDaemon: async () => {
      await incidents.close();
      await outbox.stop();
      boot();
      await incidents.resume();
    },
    stop: async () => {
      await incidents.close();
      await outbox.stop();
    },
    only: async (): Promise<Incident> => {
      const [first, ...others] = await incidents.list();
      if (!first || others.length > 0)
        throw new Error(`expected one incident, found ${others.length + (first ? 1 : 0)}`);
      const found = await incidents.get(first.id);
      if (!found) throw new Error("the incident vanished");
      return found;
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

/** A verdict of the api's health check, every 5 s. */
export function verdict(to: VerdictEvent["to"], change: Partial<VerdictEvent> = {}): VerdictEvent {
  const well = to === "UP";
  const at = change.at ?? START;
  return {
    checkId: "staging/api/health",
    environment: "staging",
    service: "api",
    component: "service",
    critical: true,
    everyMs: 5_000,
    from: "UNKNOWN",
    to,
    class: well ? null : to === "UNKNOWN" ? "prober" : "refused",
    family: well ? null : to === "UNKNOWN" ? "none" : "availability",
    detail: well ? null : "connect ECONNREFUSED",
    at,
    onset: at,
    ...change,
  };
}
