import type { Evidence } from "../contract/incident.ts";
import type { PlannedService } from "../contract/rollout.ts";
import { howItEnded } from "../contract/unit-exit.ts";
import { toKnownError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import { excerpt } from "../deploy/excerpt.ts";
import { unitRef } from "../deploy/run.ts";
import { withDeadline } from "../notify/deadline.ts";
import type { UnitRef } from "../platforms/platform.ts";
import { readLedger } from "../store/ledger.ts";
import { findRelease } from "../store/releases.ts";
import { listRollouts } from "../store/rollouts.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import { linesSince } from "./recent-lines.ts";

const LOG_LINES = 30;
/** The cause may stand far before the end. */
const LOOKED_AT = 1_000;
const CHANGES = 8;

/** Less than incidents wait for all of it, so that what hangs costs only itself. */
const PART_MS = 25_000;

/**
 * What is known of a service at the moment it fails, collected before anything is done to it; log lines since `since` (epoch ms).
 * What cannot be had within 25 s is named.
 */
export async function collectEvidence(
  engine: Engine,
  service: string,
  { since, signal }: { since: number; signal: AbortSignal },
): Promise<Evidence> {
  const missing: string[] = [];
  const attempt = async <T>(what: string, look: (part: AbortSignal) => Promise<T>, empty: T): Promise<T> => {
    try {
      return await withDeadline(look, PART_MS, signal);
    } catch (error) {
      missing.push(`${what}: ${toKnownError(error).message}`);
      return empty;
    }
  };
  const all = await attempt(
    "replicas",
    () => liveUnits(engine.store.db, { app: engine.manifest.project, env: engine.environment }),
    [],
  );
  const units = all.filter((unit) => unit.service === service);
  const refs = units.map(unitRef);
  const [logs, metrics, processes, environmentHash, changes] = await Promise.all([
    attempt("logs", () => lastWords(engine, refs, since), []),
    attempt("metrics", (part) => measure(engine, service, refs, part), {}),
    attempt("processes", (part) => listProcesses(engine, units, part), []),
    attempt("environment", () => environmentOf(engine, units), undefined),
    attempt("changes", () => recentChanges(engine, service), []),
  ]);
  return { logs, metrics, changes, processes, ...(environmentHash && { environmentHash }), missing };
}

async function lastWords(engine: Engine, units: readonly UnitRef[], since: number): Promise<string[]> {
  const found = await Promise.all(units.map((unit) => engine.platform.logs?.tail(unit, LOOKED_AT) ?? []));
  return found
    .flatMap((lines) => {
      const recent = linesSince(
        lines.map(({ text }) => engine.redact(text)),
        since,
      );
      return excerpt(recent, LOG_LINES);
    })
    .slice(-LOG_LINES);
}

/** `api-1 r3 running on web1, pid 4711, started again 2 times`, `api-2 r3 ended (exit 1)` */
async function listProcesses(engine: Engine, units: readonly UnitRow[], signal: AbortSignal): Promise<string[]> {
  return await Promise.all(
    units.map(async (unit) => {
      const { alive, exit, restarts = 0 } = await engine.platform.observe(unitRef(unit), { signal });
      const { host, pid } = unit.address;
      const state = alive ? unit.state : exit ? howItEnded(exit) : "gone";
      const where = [
        host && `on ${host}`,
        pid && `pid ${pid}`,
        restarts > 0 && `started again ${plural(restarts, "time")}`,
      ];
      return [`${unit.id} ${unit.release} ${state}`, ...where.filter(Boolean)].join(", ");
    }),
  );
}

/** A digest of the variables of the newest release that runs, as the manifest writes them: of secrets only their names. */
async function environmentOf({ store, manifest }: Engine, units: readonly UnitRow[]): Promise<string | undefined> {
  const newest = units.at(-1);
  const released = newest && (await findRelease(store.db, manifest.project, newest.release));
  return released?.services[newest?.service ?? ""]?.parts.env;
}

async function measure(
  engine: Engine,
  service: string,
  units: readonly UnitRef[],
  signal: AbortSignal,
): Promise<Evidence["metrics"]> {
  const looks = await Promise.all(units.map((unit) => engine.platform.observe(unit, { signal })));
  const usage = [...((await engine.platform.metrics?.(units, { signal })) ?? []).values()];
  const route = await engine.platform.traffic.read(
    { app: engine.manifest.project, environment: engine.environment, service },
    { signal },
  );
  const figures = Object.values(route?.figures ?? {});
  const exit = looks.find((look) => look.exit)?.exit;
  return {
    replicas_running: looks.filter(({ alive }) => alive).length,
    replicas: units.length,
    last_exit: exit ? (exit.outOfMemory ? "out of memory" : (exit.signal ?? `code ${exit.code}`)) : null,
    cpu_percent: usage.length ? Number(usage.reduce((sum, item) => sum + item.cpuPercent, 0).toFixed(1)) : null,
    memory_mb: usage.length ? Math.round(usage.reduce((sum, item) => sum + item.memoryBytes, 0) / 1e6) : null,
    requests: figures.reduce((sum, item) => sum + item.requests, 0),
    errors_5xx: figures.reduce((sum, item) => sum + item.errors, 0),
    inflight: figures.reduce((sum, item) => sum + item.inflight, 0),
  };
}

async function recentChanges(engine: Engine, service: string): Promise<Evidence["changes"]> {
  const rollouts = await listRollouts(engine.store.db, {
    app: engine.manifest.project,
    env: engine.environment,
    limit: CHANGES,
  });
  const deployed = rollouts
    .filter(({ plan }) => plan.services.some((item) => item.service === service && isChange(item)))
    .map((row) => ({
      at: row.startedAt.toISOString(),
      text: `${row.kind} of ${row.release} by ${row.actor}: ${row.state}`,
    }));
  const restarts = (await readLedger(engine.store.db, 50))
    .filter(({ subject, action }) => subject === service && action === "service.restart")
    .map(({ at, actor }) => ({ at: at.toISOString(), text: `restart by ${actor}` }));
  return [...deployed, ...restarts].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, CHANGES);
}

/** The first deployment of a service changes nothing that ran before. */
function isChange({ action, fromRelease }: Pick<PlannedService, "action" | "fromRelease">): boolean {
  return action !== "keep" && fromRelease !== null;
}
