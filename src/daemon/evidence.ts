import type { Evidence } from "../contract/incident.ts";
import { toKnownError } from "../core/errors.ts";
import { excerpt } from "../deploy/excerpt.ts";
import { unitRef } from "../deploy/run.ts";
import { readLedger } from "../store/ledger.ts";
import { listRollouts } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";

const LOG_LINES = 30;
/** The cause may stand far before the end. */
const LOOKED_AT = 1_000;
const CHANGES = 8;

/** What is known of a service at the moment it fails, collected before anything is done to it. What cannot be had is named. */
export async function collectEvidence(engine: Engine, service: string, signal: AbortSignal): Promise<Evidence> {
  const missing: string[] = [];
  const attempt = async <T>(what: string, look: () => Promise<T>, empty: T): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await look();
    } catch (error) {
      missing.push(`${what}: ${toKnownError(error).message}`);
      return empty;
    }
  };
  const units = await attempt(
    "replicas",
    async () =>
      (await liveUnits(engine.store.db, { app: engine.manifest.project, env: engine.environment })).filter(
        (unit) => unit.service === service,
      ),
    [],
  );
  const logs = await attempt("logs", async () => {
    const found = await Promise.all(units.map((unit) => engine.platform.logs?.tail(unitRef(unit), LOOKED_AT) ?? []));
    return found
      .flatMap((lines) =>
        excerpt(
          lines.map(({ text }) => engine.redact(text)),
          LOG_LINES,
        ),
      )
      .slice(-LOG_LINES);
  }, []);
  const metrics = await attempt("metrics", () => measure(engine, service, units.map(unitRef), signal), {});
  const changes = await attempt("changes", () => recentChanges(engine, service), []);
  return { logs, metrics, changes, missing };
}

async function measure(
  engine: Engine,
  service: string,
  units: ReturnType<typeof unitRef>[],
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
    .filter(({ plan }) => plan.services.some((item) => item.service === service && item.action !== "keep"))
    .map((row) => ({
      at: row.startedAt.toISOString(),
      text: `${row.kind} of ${row.release} by ${row.actor}: ${row.state}`,
    }));
  const restarts = (await readLedger(engine.store.db, 50))
    .filter(({ subject, action }) => subject === service && action === "service.restart")
    .map(({ at, actor }) => ({ at: at.toISOString(), text: `restart by ${actor}` }));
  return [...deployed, ...restarts].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, CHANGES);
}
